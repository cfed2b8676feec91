#!/usr/bin/env python3
"""Sends damaged media files to a server and looks what becomes of each, of the server, and of the children that read them.

    tests/faults/damaged.py --kinora build/asan/kinora [--files 100] [--seed 7] [--first 0]

Small real files of many kinds are damaged: bits flipped, ends cut off, sizes of boxes and frames lied about, blocks swapped, doubled,
emptied. Each file must settle: ready, and then it plays to its end, or failed, with a reason in words. The server answers all the while,
every child is seen in its jail with nothing open but what it was given, and none stays. The same seed sends the same files.
"""
import argparse
import collections
import contextlib
import json
import os
import pathlib
import queue
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "scenario"))
import client  # noqa: E402
import server  # noqa: E402
import watchers  # noqa: E402

UNSETTLED_MAX = 8
SETTLE_SECONDS = 240
CHILD_SECONDS_MAX = 120
CHILD_BYTES_MAX = 1 << 30
LOOK_PAUSE = 0.05
WIDTH, HEIGHT = 96, 54
PICTURE = f"-t 1 -i {{short}} -f lavfi -i sine=duration=1:sample_rate=16000 -map 0:v -map 1:a -vf scale={WIDTH}:{HEIGHT},fps=12 -shortest"
SOUND = "-f lavfi -i sine=duration=1:sample_rate=16000"
KINDS = {
    "mp4": f"{PICTURE} -c:v libx264 -preset veryfast -c:a aac -movflags +faststart",
    "late.mp4": f"{PICTURE} -c:v libx264 -preset veryfast -bf 2 -c:a aac",
    "fragments.mp4": f"{PICTURE} -c:v libx264 -preset veryfast -g 6 -c:a aac -movflags +frag_keyframe+empty_moov",
    "mov": f"{PICTURE} -c:v mpeg4 -c:a pcm_s16be",
    "mkv": f"{PICTURE} -c:v libx264 -preset veryfast -c:a aac",
    "webm": f"{PICTURE} -c:v libvpx -deadline realtime -c:a libvorbis",
    "avi": f"{PICTURE} -c:v mpeg4 -c:a libmp3lame",
    "flv": f"{PICTURE} -c:v flv -c:a libmp3lame -ar 22050",
    "wmv": f"{PICTURE} -c:v wmv2 -c:a wmav2",
    "mp3": f"{SOUND} -c:a libmp3lame",
    "m4a": f"{SOUND} -c:a aac",
    "wav": f"{SOUND} -c:a pcm_s16le",
    "ogg": f"{SOUND} -c:a libvorbis",
    "flac": f"{SOUND} -c:a flac",
}


class Wrong(Exception):
    """Something is not as it must be."""


def make_originals(folder):
    originals = {}
    for kind, options in KINDS.items():
        path = folder / f"original.{kind}"
        words = options.format(short=TESTS / "media/short.mp4").split()
        subprocess.run(["ffmpeg", "-v", "error", "-bitexact", *words, "-threads", "1", "-flags", "+bitexact", path], check=True)
        originals[kind] = path.read_bytes()
    return originals


# Each takes dice and bytes, and gives other bytes.


def flip_bits(dice, data):
    data = bytearray(data)
    # Most lies that do harm stand in the head.
    reach = dice.choice((256, 2048, len(data)))
    for _ in range(dice.choice((1, 4, 30, 200))):
        data[dice.randrange(min(reach, len(data)))] ^= 1 << dice.randrange(8)
    return bytes(data)


def cut_end(dice, data):
    return data[:dice.randrange(1, len(data))]


def cut_start(dice, data):
    return data[dice.randrange(1, min(len(data), 4096)):]


def cut_block(dice, data):
    start = dice.randrange(len(data))
    return data[:start] + data[start + dice.randrange(1, 2000):]


def double_block(dice, data):
    start = dice.randrange(len(data))
    block = data[start:start + dice.randrange(1, 4000)]
    return data[:start] + block * dice.choice((2, 3, 50)) + data[start:]


def swap_blocks(dice, data):
    first, second = sorted(dice.randrange(len(data)) for _ in range(2))
    size = dice.randrange(1, 2000)
    end = min(first + size, second)
    return data[:first] + data[second:second + size] + data[end:second] + data[first:end] + data[second + size:]


def empty_block(dice, data):
    start = dice.randrange(len(data))
    size = min(dice.randrange(1, 2000), len(data) - start)
    return data[:start] + dice.choice((b"\0", b"\xff")) * size + data[start + size:]


def lie_of_box_size(dice, data):
    """ISO files: the size stands before the type. In others the same bytes are some number."""
    types = [t for t in (b"moov", b"trak", b"mdat", b"stsz", b"stco", b"stts", b"avcC", b"esds", b"moof", b"trun", b"stsd", b"LIST", b"idx1",
                         b"fmt ", b"data") if t in data]
    at = data.index(dice.choice(types)) - 4 if types else dice.randrange(len(data))
    at = max(at, 0)
    size = struct.pack(">I", dice.choice((0, 1, 7, 8, 9, 0x7fffffff, 0x80000000, 0xffffffff, dice.randrange(1 << 20))))
    return data[:at] + size + data[at + 4:]


def lie_of_number(dice, data):
    """A count, a rate or a length in the head."""
    at = dice.randrange(min(len(data), 4096))
    value = dice.choice((b"\xff" * 4, b"\x7f" + b"\xff" * 3, b"\0" * 4, b"\x80\0\0\0", b"\0\0\0\x80", b"\xff" * 8))
    return data[:at] + value + data[at + len(value):]


def lie_of_size_of_frame(dice, data):
    """Wherever the width and the height stand next to each other, in the usual ways of writing."""
    sides = dice.choice(((16_000, 16_000), (65_535, 65_535), (8_192, 8_192), (1, 1), (0, 0), (WIDTH, 16_000), (4_096, 2_304)))
    for form in (">HH", "<HH", "<II", ">II"):
        found = data.find(struct.pack(form, WIDTH, HEIGHT))
        while found >= 0:
            data = data[:found] + struct.pack(form, *sides) + data[found + struct.calcsize(form):]
            found = data.find(struct.pack(form, WIDTH, HEIGHT))
    return data


DAMAGES = (flip_bits, flip_bits, flip_bits, cut_end, cut_start, cut_block, double_block, swap_blocks, empty_block, lie_of_box_size,
           lie_of_number, lie_of_size_of_frame)


def damaged(seed, number, originals):
    """(name, bytes) of file `number`."""
    dice = random.Random(f"{seed} {number}")
    kind = dice.choice(sorted(originals))
    data = originals[kind]
    done = []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        damage = dice.choice(DAMAGES)
        data = damage(dice, data) or b"\0"
        done.append(damage.__name__)
    return f"{number} {' and '.join(done)}.{kind}", data


def may_leave_networks():
    """Hosts may forbid it; then the jail has seccomp alone against sockets."""
    words = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--net"]
    return subprocess.run([*words, "true"], capture_output=True).returncode == 0


class Children(threading.Thread):
    """Looks again and again at every program that the server has started."""

    def __init__(self, process, folder):
        super().__init__(daemon=True)
        self.process = process
        self.net_to_leave = os.readlink(f"/proc/{process.pid}/ns/net") if may_leave_networks() else None
        self.may_open = (str(folder / "data/scratch"), str(folder / "data/blobs"), "/dev/null", "/dev/urandom", "/usr/", "/lib", "/etc/ld.so.cache", "/etc/fonts", "/proc/", "/sys/devices/system/cpu",
                         "pipe:", "anon_inode:")
        self.starter = None
        self.first_seen = {}
        self.programs = collections.Counter()
        self.bytes_max = 0
        self.seconds_max = 0
        self.wrong = []
        self.done = threading.Event()

    def run(self):
        while not self.done.wait(LOOK_PAUSE):
            alive = self.alive()
            for child in alive:
                with contextlib.suppress(OSError):  # it has ended
                    self._look_at(child)
            for gone in set(self.first_seen) - set(alive):
                self.seconds_max = max(self.seconds_max, time.monotonic() - self.first_seen.pop(gone))

    def alive(self):
        """One thread of the server starts them all, and lives as long as it."""
        if self.starter is None:
            for each in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    self.starter = each if each.read_text() else self.starter
        try:
            return [int(child) for child in self.starter.read_text().split()] if self.starter else []
        except OSError:
            return []  # the server has ended

    def _look_at(self, child):
        room = pathlib.Path(f"/proc/{child}")
        program = os.path.basename(os.readlink(room / "exe"))
        if program not in ("ffmpeg", "ffprobe"):
            return  # on its way into the jail, or an engine of ours
        if child not in self.first_seen:
            self.first_seen[child] = time.monotonic()
            self.programs[program] += 1
        status = dict(line.split(":\t", 1) for line in (room / "status").read_text().splitlines() if ":\t" in line)
        self.bytes_max = max(self.bytes_max, int(status.get("VmHWM", "0 kB").split()[0]) * 1024)
        age = time.monotonic() - self.first_seen[child]
        demands = {
            "is behind seccomp": status["Seccomp"] == "2",
            "can gain no privileges": status["NoNewPrivs"] == "1",
            "is not root": "0" not in status["Uid"].split(),
            "has a network of its own": os.readlink(room / "ns/net") != self.net_to_leave,
            f"ends within {CHILD_SECONDS_MAX} s": age <= CHILD_SECONDS_MAX,
            "keeps within its memory": self.bytes_max <= CHILD_BYTES_MAX,
        }
        for link in (room / "fd").iterdir():
            target = os.readlink(link)
            demands[f"has only its own files open, and not {target}"] = target.startswith(self.may_open)
        self.wrong += [f"{program} {child} not: {what}" for what, holds in demands.items() if not holds]


class Run:
    def __init__(self, kinora, folder, seed):
        self.folder = folder
        self.seed = seed
        limits = {f"RATE_LIMIT_{kind}": "off" for kind in ("LOGIN", "UPLOAD", "DEFAULT")}
        self.process = server.Server(kinora, folder, {**limits, "MAX_CONCURRENT_JOBS": "4"})
        self.headers = {}
        self.names = {}     # video -> the file's name, until it has settled
        self.since = {}
        self.slowest = (0, "")
        self.settled = queue.Queue()
        self.outcomes = collections.Counter()
        self.broken = []

    def send(self, method, target, body=None, content_type="application/json"):
        headers = {**self.headers, **({"Content-Type": content_type} if body else {})}
        answer = client.send(self.process.host, self.process.port, method, target, headers, body)
        if answer.status >= 500:
            raise Wrong(f"{method} {target} is answered with {answer.status}: {answer.text()}")
        return answer

    def start(self):
        self.process.start()
        person = {"email": "ana@example.test", "password": "correct horse battery", "name": "Ana", "token": self.process.setup_token}
        self.token = self.send("POST", "/api/v1/setup", json.dumps(person).encode()).json()["access_token"]
        self.headers = {"Authorization": "Bearer " + self.token}
        self.children = Children(self.process.process, self.folder)
        self.children.start()
        self.stream = watchers.Stream(self.process.port, "/api/v1/events?types=video.ready,video.failed", self.token).open()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with contextlib.suppress(OSError):
            while (event := self.stream.next()) is not None:
                self.settled.put(event.data["data"])
        self.settled.put(None)

    def send_file(self, name, data):
        boundary = "kinora-damaged"
        body = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
                + data + f"\r\n--{boundary}--\r\n".encode())
        answer = self.send("POST", "/api/v1/videos/upload", body, f"multipart/form-data; boundary={boundary}")
        if answer.status == 415:
            self.outcomes["refused by its first bytes"] += 1
            return
        if answer.status != 201:
            raise Wrong(f"the upload of {name} is answered with {answer.status}: {answer.text()}")
        video = answer.json()["video"]["id"]
        self.names[video] = name
        self.since[video] = time.monotonic()

    def take_settled(self):
        try:
            video = self.settled.get(timeout=SETTLE_SECONDS)
        except queue.Empty:
            raise Wrong(f"nothing has settled for {SETTLE_SECONDS} s; waiting for {sorted(self.names.values())}") from None
        if video is None:
            raise Wrong("the server has ended its events")
        name = self.names.pop(video["id"], None)
        if name is None:
            return
        self.slowest = max(self.slowest, (time.monotonic() - self.since[video["id"]], name))
        self.outcomes[video["status"] if video["status"] == "ready" else video["status_message"]] += 1
        if video["status"] == "ready":
            self._play(video["id"], name)
        elif len((video["status_message"] or "").split()) < 2:
            self.broken.append(f"{name} has failed without a reason in words: {video['status_message']}")

    def _play(self, video, name):
        master = self.send("GET", f"/api/v1/videos/{video}/watch").json()["url"]
        played = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", f"http://127.0.0.1:{self.process.port}{master}", "-f", "null", "-"],
                                capture_output=True, text=True, timeout=60)
        if played.returncode != 0:
            self.broken.append(f"{name} is ready, but does not play: {played.stderr[-500:]}")

    def finish(self):
        if self.send("GET", "/api/v1/health/live").status != 200:
            raise Wrong("the server does not feel well")
        self._wait_for_children()
        self.process.stop()
        self.children.done.set()
        self.children.join()
        logs = (self.process.log_path, self.folder / "data/logs/server.log")
        log = "\n".join(path.read_text(errors="replace") for path in logs)
        faults = [line for line in log.splitlines() if "Sanitizer" in line or "runtime error" in line or '"level":"error"' in line]
        wrong = [*faults, *self.broken, *self.children.wrong]
        if wrong:
            raise Wrong("\n".join(wrong[:30]))

    def _wait_for_children(self):
        """Of what has settled none may go on; only engines wait for more work."""
        deadline = time.monotonic() + 30
        while self.children.first_seen:
            if time.monotonic() > deadline:
                raise Wrong(f"children have outlived their videos: {self.children.first_seen}")
            threading.Event().wait(LOOK_PAUSE)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kinora", type=pathlib.Path, required=True, help="the program, build/asan/kinora say")
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--first", type=int, default=0, help="the number of the first file; one alone: --first 66 --files 1")
    parser.add_argument("--keep", type=pathlib.Path, help="writes the files here too")
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-damaged-"))
    folder.chmod(0o755)  # children are nobody
    run = Run(arguments.kinora.resolve(), folder, arguments.seed)
    began = time.monotonic()
    try:
        originals = make_originals(folder)
        run.start()
        for number in range(arguments.first, arguments.first + arguments.files):
            name, data = damaged(arguments.seed, number, originals)
            if arguments.keep:
                (arguments.keep / name).write_bytes(data)
            run.send_file(name, data)
            while len(run.names) >= UNSETTLED_MAX:
                run.take_settled()
        while run.names:
            run.take_settled()
        run.finish()
    except (Wrong, server.ServerError, OSError) as wrong:
        run.process.kill()
        sys.exit(f"FAILED, seed {arguments.seed}, kept in {folder}: {wrong}")
    for outcome, count in run.outcomes.most_common():
        print(f"{count:6} {outcome}")
    children = run.children
    print(f"{arguments.files} damaged files in {time.monotonic() - began:.0f} s; the slowest took {run.slowest[0]:.1f} s: {run.slowest[1]}\n"
          f"children: {dict(children.programs)}, the longest {children.seconds_max:.1f} s, the largest {children.bytes_max >> 20} MiB")
    if arguments.keep is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
