"""One `kinora serve` process in a data folder of its own."""
import os
import queue
import re
import shutil
import signal
import subprocess
import threading

START_SECONDS = 60
STOP_SECONDS = 30


class ServerError(Exception):
    """The server did not start, or did not end as it should."""


class Server:
    def __init__(self, kinora, folder, environment):
        self.kinora = kinora
        self.folder = folder
        self.log_path = folder / "server.log"
        # Without the language model, whether this machine has it or not: what it writes takes minutes and is never the same.
        self.environment = {**os.environ, "KINORA_DATA": str(folder / "data"), "PORT": "0", "AI_PROVIDER": "none", **environment}
        self.setup_token = None
        self.host = "127.0.0.1"
        self.port = None
        self.process = None
        self.ended = threading.Event()

    def start(self):
        self.ended.clear()
        lines = queue.Queue()
        log = open(self.log_path, "ab")
        self.process = subprocess.Popen([self.kinora, "serve"], env=self.environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=log, cwd=self.folder)
        threading.Thread(target=self._read, args=(self.process, lines, log), daemon=True).start()
        wants_link = self.setup_token is None
        self.port = None
        while self.port is None or (wants_link and self.setup_token is None):
            try:
                line = lines.get(timeout=START_SECONDS)
            except queue.Empty:
                raise ServerError(f"the server said nothing of its address for {START_SECONDS} s") from None
            if line is None:
                raise ServerError(f"the server ended with code {self.process.wait()} before it was ready")
            self._learn(line)

    def _read(self, process, lines, log):
        with log, process.stdout:
            for line in process.stdout:
                log.write(line)
                log.flush()
                lines.put(line.decode("utf-8", "replace"))
        lines.put(None)
        self.ended.set()

    def _learn(self, line):
        if found := re.search(r"http://[\w.\[\]:]*?:(\d+)", line):
            self.port = int(found[1])
        if found := re.search(r"/setup\?token=([\w-]+)", line):
            self.setup_token = found[1]

    def stop(self):
        """SIGTERM; anything but exit code 0 in time is an error."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ServerError(f"the server still ran {STOP_SECONDS} s after SIGTERM") from None
        self.ended.wait(5)
        if code != 0:
            raise ServerError(f"the server ended with code {code} after SIGTERM")

    def lose(self, room):
        """A folder of the data directory goes, as on a disk that was not in the backup."""
        shutil.rmtree(self.folder / "data" / room)

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
            self.ended.wait(5)  # or the end of this process would be taken for that of the next
