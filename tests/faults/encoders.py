#!/usr/bin/env python3
"""What becomes of a video whose encoder stands still, or dies on it again and again.

    tests/faults/encoders.py --kinora build/dev/kinora [names of tests]
"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

import cases
import lives

sys.path.insert(0, str(lives.TESTS / "scenario"))
import client  # noqa: E402
import server  # noqa: E402

PATIENCE_SECONDS = 500
UPPER_RUNG = b"video-720."  # what its encoder writes


def made_source(folder):
    """Of three rungs: 360, 480, 720."""
    source = folder / "talk.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-t", "12", "-i", lives.TESTS / "media/short.mp4", "-vf", "scale=1280:720", "-c:v", "libx264",
                    "-preset", "ultrafast", "-c:a", "copy", source], check=True)
    return source.read_bytes()


class Encoders(unittest.TestCase):
    kinora = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-encoders-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.source = made_source(self.folder)
        self.process = server.Server(self.kinora, self.folder, {"RATE_LIMIT_DEFAULT": "off"})
        self.process.start()
        self.addCleanup(self.process.kill)
        person = {"email": "ana@example.test", "password": "correct horse battery", "name": "Ana", "token": self.process.setup_token}
        self.headers = {}
        made = self.send("POST", "/api/v1/setup", json.dumps(person).encode(), "application/json").json()
        self.headers = {"Authorization": f"Bearer {made['access_token']}"}

    def send(self, method, target, body=None, content_type=None):
        headers = {**self.headers, **({"Content-Type": content_type} if body else {})}
        return client.send(self.process.host, self.process.port, method, target, headers, body)

    def upload(self):
        form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="talk.mp4"\r\n\r\n' + self.source + b"\r\n--x--\r\n"
        return self.send("POST", "/api/v1/videos/upload", form, "multipart/form-data; boundary=x").json()["video"]["id"]

    def until(self, look):
        """The first thing that it finds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (found := look()) is None:
            self.assertLess(time.monotonic(), deadline)
            self.assertFalse(self.process.ended.wait(0.01))
        return found

    def encoder_of_upper_rungs(self, video):
        self.assertNotIn(self.video(video)["status"], ("ready", "failed"))
        for child in lives.children_of(self.process.process.pid):
            with contextlib.suppress(OSError):
                if UPPER_RUNG in pathlib.Path(f"/proc/{child}/cmdline").read_bytes():
                    return child
        return None

    def job(self, video, kind):
        """None while it has none."""
        jobs = self.send("GET", f"/api/v1/jobs?video_id={video}&kind={kind}").json()["data"]
        return jobs[0] if jobs else None

    def kill_its_children(self, job):
        """As a decoder that writes where it must not. They work in a folder that bears the job's name."""
        for child in lives.children_of(self.process.process.pid):
            with contextlib.suppress(OSError):
                if os.readlink(f"/proc/{child}/cwd").endswith(job["id"]):
                    os.kill(child, signal.SIGSEGV)

    def video(self, video):
        return self.send("GET", f"/api/v1/videos/{video}").json()

    def fetched(self, base, address):
        answer = self.send("GET", urllib.parse.urljoin(base, address))
        self.assertEqual(answer.status, 200, address)
        return answer

    def rungs(self, video):
        """Heights and playlists of what can be watched now."""
        watch = self.send("GET", f"/api/v1/videos/{video}/watch")
        self.assertEqual(watch.status, 200, watch.text())
        master = urllib.parse.urlsplit(watch.json()["url"]).path
        lines = self.fetched("", master).text().splitlines()
        pairs = [(line, lines[at + 1]) for at, line in enumerate(lines) if line.startswith("#EXT-X-STREAM-INF")]
        return {int(re.search(r"RESOLUTION=\d+x(\d+)", line)[1]): urllib.parse.urljoin(master, where) for line, where in pairs}

    def play(self, playlist):
        """Everything in it; yields its seconds."""
        text = self.fetched("", playlist).text()
        self.assertIn("#EXT-X-ENDLIST", text)
        self.fetched(playlist, re.search(r'#EXT-X-MAP:URI="([^"]+)"', text)[1])
        for line in text.splitlines():
            if line and not line.startswith("#"):
                self.assertGreater(len(self.fetched(playlist, line).body), 0)
        return sum(float(seconds) for seconds in re.findall(r"#EXTINF:([\d.]+)", text))

    def test_the_first_rung_is_served_meanwhile(self):
        video = self.upload()
        encoder = self.until(lambda: self.encoder_of_upper_rungs(video))
        os.kill(encoder, signal.SIGSTOP)
        try:
            rungs = self.rungs(video)
            self.assertEqual(list(rungs), [360])
            self.assertAlmostEqual(self.play(rungs[360]), 12, delta=0.1)
            held = self.video(video)
            self.assertNotIn(held["status"], ("ready", "failed"))
            states = {stage["name"]: stage["state"] for stage in held["stages"]}
            self.assertEqual((states["first_rung"], states["rest_of_ladder"]), ("done", "running"))
        finally:
            os.kill(encoder, signal.SIGCONT)
        self.until(lambda: self.video(video)["status"] == "ready" or None)
        rungs = self.rungs(video)
        self.assertEqual(sorted(rungs), [360, 480, 720])
        for playlist in rungs.values():
            self.assertAlmostEqual(self.play(playlist), 12, delta=0.1)

    def test_that_dies_on_a_file_three_times_fails_it_for_good_and_nothing_else(self):
        video = self.upload()
        job = self.until(lambda: self.job(video, "media.first_rung"))
        beside = self.upload()

        def killed_until_over():
            self.kill_its_children(job)
            now = self.job(video, "media.first_rung")
            self.assertNotEqual(now["state"], "succeeded")
            return now if now["state"] == "failed" else None
        over = self.until(killed_until_over)

        self.assertEqual(over["attempts"], 3)
        self.assertIn("crashed on this file", over["error"]["message"])
        failed = self.video(video)
        self.assertEqual(failed["status"], "failed")
        self.assertIn("crashed on this file", failed["status_message"])
        self.until(lambda: self.video(beside)["status"] == "ready" or None)
        self.assertEqual(sorted(self.rungs(beside)), [360, 480, 720])


if __name__ == "__main__":
    cases.run(__doc__, Encoders)
