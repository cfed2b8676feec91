"""A PostgreSQL of one's own for a check or a test: started in a new folder, reached over its UNIX socket, gone afterwards."""
import os
import pathlib
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")  # Debian's place for it
START_LIMIT = 30  # seconds
STOP_LIMIT = 10
# Nothing here has to survive a power cut.
SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=16MB",
            "max_connections=10", "log_min_messages=fatal")


class Problem(Exception):
    """The engine is not there or does not start."""


class StatementError(Exception):
    """What the engine said; `position` is the character, from 1, at which it stopped reading, or 0."""

    def __init__(self, fields):
        super().__init__(fields.get("M", "unknown error"))
        self.code = fields.get("C", "")
        self.position = int(fields.get("P", 0))


class Server:
    """with Server() as server: server.connect()"""

    def __enter__(self):
        if not (BIN / "postgres").exists():
            raise Problem(f"{BIN}/postgres is missing. Install Debian's package postgresql-15.")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-postgres-"))
        self.process = None
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.send_signal(signal.SIGINT)  # does not wait for clients
            try:
                self.process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self):
        return Connection(self.folder / ".s.PGSQL.5432")

    def _start(self):
        identity = self._unprivileged()
        initdb = [BIN / "initdb", "-D", self.folder / "data", "-U", "kinora", "--auth=trust", "-E", "UTF8",
                  "--locale=C.UTF-8", "--no-sync"]
        with open(self.folder / "log", "wb") as log:
            if subprocess.run(initdb, stdout=log, stderr=log, cwd=self.folder, **identity).returncode:
                raise Problem("initdb failed: " + self._log())
            settings = [word for setting in (*SETTINGS, f"unix_socket_directories={self.folder}") for word in ("-c", setting)]
            self.process = subprocess.Popen([BIN / "postgres", "-D", self.folder / "data", *settings], stdout=log, stderr=log,
                                            cwd=self.folder, **identity)
        self._wait()

    def _unprivileged(self):
        """PostgreSQL refuses to run as root."""
        if os.getuid() != 0:
            return {}
        nobody = pwd.getpwnam("nobody")
        os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def _wait(self):
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.connect().close()
                return
            except (OSError, StatementError):
                time.sleep(0.05)
        raise Problem("PostgreSQL did not start: " + self._log())

    def _log(self):
        return (self.folder / "log").read_text(errors="replace")[-2000:]


class Connection:
    """As much of the frontend/backend protocol, version 3, as running a script and parsing a statement take."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(START_LIMIT)
        try:
            self.socket.connect(os.fspath(path))
        except OSError:
            self.socket.close()
            raise
        self.stream = self.socket.makefile("rb")
        start = struct.pack("!i", 196608) + b"user\0kinora\0database\0postgres\0\0"
        self.socket.sendall(struct.pack("!i", len(start) + 4) + start)
        self._answers()

    def close(self):
        self._send(b"X", b"")
        self.stream.close()
        self.socket.close()

    def run(self, script):
        """Runs all statements in one transaction and gives the rows, as texts, of those that yield some."""
        self._send(b"Q", script.encode() + b"\0")
        return self._answers()

    def parse(self, statement):
        """What a client's prepare does: names, types and the kinds of parameters must be right."""
        self._send(b"P", b"\0" + statement.encode() + b"\0\0\0")
        self._send(b"S", b"")
        self._answers()

    def _send(self, kind, body):
        self.socket.sendall(kind + struct.pack("!i", len(body) + 4) + body)

    def _receive(self):
        head = self.stream.read(5)
        if len(head) < 5:
            raise OSError("PostgreSQL closed the connection")
        return head[:1], self.stream.read(struct.unpack("!i", head[1:])[0] - 4)

    def _answers(self):
        rows, error = [], None
        while True:
            kind, body = self._receive()
            if kind == b"D":
                rows.append(row_of(body))
            elif kind == b"E":
                fields = {part[:1].decode(): part[1:].decode() for part in body.split(b"\0") if part}
                error = error or StatementError(fields)
                if fields.get("S") == "FATAL":
                    raise error
            elif kind == b"Z":
                if error:
                    raise error
                return rows


def row_of(body):
    values, at = [], 2
    for _ in range(struct.unpack_from("!h", body)[0]):
        (size,) = struct.unpack_from("!i", body, at)
        at += 4
        values.append(body[at:at + size].decode() if size >= 0 else None)
        at += max(size, 0)
    return values
