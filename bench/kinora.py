"""kinora under measurement: one server in a folder of its own, one account, one video."""
import json
import subprocess
import time

import client
import server
from measure import Tree
from places import SERVER_CORE, Problem, on_core

READY_SECONDS = 120
JWT_SECRET = "a secret for measurements, known to the peers as well"
# Limits count, and refuse nobody; no line in a log for each request, as at the peers.
SETTINGS = {"RATE_LIMIT_LOGIN": "off", "RATE_LIMIT_UPLOAD": "1000000000/min", "RATE_LIMIT_DEFAULT": "1000000000/min",
            "RATE_LIMIT_MEDIA": "1000000000/min", "LOG_LEVEL": "warning", "JWT_SECRET": JWT_SECRET, "MIN_FREE_DISK": "0"}


class Kinora:
    """with Kinora(program, folder) as kinora: kinora.url, kinora.tree"""

    name = "kinora"

    def __init__(self, program, folder, **settings):
        folder.mkdir(exist_ok=True)
        self._server = server.Server(str(program), folder, {**SETTINGS, **settings})
        self.data = folder / "data"
        self.headers = {}

    def __enter__(self):
        started = time.monotonic()
        with on_core(SERVER_CORE):
            self._server.start()
        self.start_seconds = time.monotonic() - started
        self.url = f"http://127.0.0.1:{self._server.port}"
        self.port = self._server.port
        self.tree = Tree(self._server.process.pid)
        return self

    def __exit__(self, *_):
        self._server.kill()

    def send(self, method, path, body=None, content_type="application/json"):
        headers = {**self.headers, **({"Content-Type": content_type} if body is not None else {})}
        answer = client.send("127.0.0.1", self.port, method, path, headers, body)
        if answer.status >= 400:
            raise Problem(f"{method} {path} answered {answer.status}: {answer.text()[:300]}")
        return answer

    def sign_in(self):
        person = {"email": "ana@example.test", "password": "correct horse battery", "name": "Ana",
                  "token": self._server.setup_token}
        answer = self.send("POST", "/api/v1/setup", json.dumps(person).encode())
        self.headers = {"Authorization": "Bearer " + answer.json()["access_token"]}

    def credentials(self):
        return [f"{name}: {value}" for name, value in self.headers.items()]

    def upload(self, content):
        body = (b'--kinora-bench\r\nContent-Disposition: form-data; name="file"; filename="clip.mp4"\r\n\r\n' + content
                + b"\r\n--kinora-bench--\r\n")
        return self.send("POST", "/api/v1/videos/upload", body, "multipart/form-data; boundary=kinora-bench").json()["video"]["id"]

    def forget(self, answer):
        """Deletes the video that this answer, as it came over the line, tells of."""
        video = json.loads(answer.partition(b"\r\n\r\n")[2])["video"]["id"]
        self.send("DELETE", f"/api/v1/videos/{video}")

    def video(self, video):
        return self.send("GET", f"/api/v1/videos/{video}").json()

    def ready_video(self, content):
        video = self.upload(content)
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            shown = self.video(video)
            if shown["status"] == "ready":
                return shown
            if shown["status"] == "failed":
                raise Problem(f"the video failed: {shown['status_message']}")
            time.sleep(0.2)
        raise Problem(f"the video was not ready within {READY_SECONDS} s")


def clip(folder, seconds=12):
    """Silent, so that nothing is transcribed; noisy, so that four seconds are 2 MB, and are copied into the ladder as they are."""
    file = folder / "clip.mp4"
    if not file.exists():
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=size=640x360:rate=25:duration={seconds},noise=alls=40:allf=t",
                        "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "4M", "-maxrate", "4M", "-bufsize", "4M", "-g", "100",
                        "-keyint_min", "100", "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-movflags", "+faststart", file], check=True)
    return file.read_bytes()

