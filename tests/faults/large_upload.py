#!/usr/bin/env python3
"""A large file by a form and by tus: what the server's memory grows by at its highest, while the bytes come.

    tests/faults/large_upload.py --kinora build/dev/kinora [--mib 256]
"""
import argparse
import hashlib
import json
import pathlib
import re
import shutil
import socket
import sys
import tempfile

import lives

sys.path.insert(0, str(lives.TESTS / "scenario"))
import client  # noqa: E402
import server  # noqa: E402

GROWTH_MAX_MIB = 32
PIECE = (b"kinora" * 174763)[:1 << 20]
TYPE = b"ID3\x04"  # how a sound file begins; none follows
FORM_HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="large.mp3"\r\n\r\n'
FORM_END = b"\r\n--x--\r\n"


def content(mib):
    """One MiB after the other."""
    yield TYPE + PIECE[len(TYPE):]
    for _ in range(mib - 1):
        yield PIECE


class Memory:
    """Of a process, in MiB, by /proc."""

    def __init__(self, process):
        self.folder = pathlib.Path(f"/proc/{process}")

    def _read(self, name):
        return int(re.search(rf"{name}:\s+(\d+) kB", (self.folder / "status").read_text())[1]) / 1024

    def forget_highest(self):
        (self.folder / "clear_refs").write_text("5")
        return self._read("VmRSS")

    def highest(self):
        return self._read("VmHWM")


class Uploads:
    def __init__(self, process, mib):
        self.process = process
        self.mib = mib
        self.token = ""
        person = {"email": "ana@example.test", "password": "correct horse battery", "name": "Ana", "token": process.setup_token}
        self.token = json.loads(self._send("POST", "/api/v1/setup", json.dumps(person).encode(), "application/json").body)["access_token"]

    def _send(self, method, target, body=None, content_type="application/json", **more):
        headers = {"Content-Type": content_type, **({"Authorization": f"Bearer {self.token}"} if self.token else {}), **more}
        return client.send(self.process.host, self.process.port, method, target, headers, body)

    def _stream(self, method, target, headers, pieces, size):
        """A body that is nowhere in memory at once; yields the answer."""
        head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "a", "Authorization": f"Bearer {self.token}", **headers}.items())
        with socket.create_connection((self.process.host, self.process.port), timeout=600) as line:
            line.sendall(f"{method} {target} HTTP/1.1\r\n{head}Content-Length: {size}\r\nConnection: close\r\n\r\n".encode())
            for piece in pieces:
                line.sendall(piece)
            return b"".join(iter(lambda: line.recv(65536), b"")).decode()

    def form(self):
        pieces = [FORM_HEAD, *content(self.mib), FORM_END]  # the same MiB again and again: no memory of ours
        size = len(FORM_HEAD) + self.mib * len(PIECE) + len(FORM_END)
        return self._stream("POST", "/api/v1/videos/upload", {"Content-Type": "multipart/form-data; boundary=x"}, pieces, size)

    def tus(self):
        size = self.mib * len(PIECE)
        begun = self._send("POST", "/files", **{"Tus-Resumable": "1.0.0", "Upload-Length": str(size)})
        headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": 0, "Content-Type": "application/offset+octet-stream"}
        return self._stream("PATCH", begun.headers["Location"], headers, content(self.mib), size)


def stored(folder, mib):
    """The hashes of the large files that the server has kept."""
    blobs = (path for path in (folder / "data/blobs").rglob("*") if path.is_file() and path.stat().st_size == mib << 20)
    return [hashlib.file_digest(path.open("rb"), "sha256").hexdigest() for path in blobs]


def expected(mib):
    hash_ = hashlib.sha256()
    for piece in content(mib):
        hash_.update(piece)
    return hash_.hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinora", type=pathlib.Path, required=True, help="the program, build/dev/kinora say")
    parser.add_argument("--mib", type=int, default=256)
    wanted = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-large-"))
    process = server.Server(wanted.kinora.resolve(), folder, {"MAX_UPLOAD_BYTES": f"{wanted.mib + 1}MiB"})
    failures = []
    try:
        process.start()
        uploads = Uploads(process, wanted.mib)
        memory = Memory(process.process.pid)
        for name, status, send in (("form", 201, uploads.form), ("tus", 204, uploads.tus)):
            before = memory.forget_highest()
            answer = send()
            growth = memory.highest() - before
            print(f"{name}: {wanted.mib} MiB taken in, memory grew by {growth:.1f} MiB from {before:.1f} MiB", flush=True)
            if not answer.startswith(f"HTTP/1.1 {status} "):
                failures.append(f"{name} was answered with {answer[:300]}")
            if growth >= GROWTH_MAX_MIB:
                failures.append(f"{name}: {growth:.1f} MiB are {GROWTH_MAX_MIB} or more")
        process.stop()
        if stored(folder, wanted.mib) != [expected(wanted.mib)] * 2:
            failures.append("what is stored is not what was sent")
    finally:
        process.kill()
        shutil.rmtree(folder)
    if failures:
        sys.exit("FAILED: " + "; ".join(failures))


if __name__ == "__main__":
    main()
