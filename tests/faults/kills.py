#!/usr/bin/env python3
"""Kills a server in the middle of real work, again and again, and looks each time whether anything was lost or doubled.

    tests/faults/kills.py --kinora build/dev/kinora [--kills 40] [--seed 7]

Each life of the server takes uploads, changes and deletions until it is killed at a random moment (half of the time with its
children, half of the time alone), or stopped. Then `kinora check` examines what it left, and all that it had acknowledged must
be there. At the end everything must settle. The same seed kills at the same moments.
"""
import argparse
import collections
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import uuid

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "scenario"))
import client  # noqa: E402
import server  # noqa: E402

LIFE_SECONDS = 6  # start, upload, probe, encode and transcribe of the clip lie within
SETTLE_SECONDS = 300
UNSETTLED_MAX = 3
BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"


class Lost(Exception):
    """Something is not as it must be."""


def canonical(text):
    """vid_01h... -> the UUID that a row has."""
    number = 0
    for digit in text.split("_")[1]:
        number = number * 32 + BASE32.index(digit)
    return str(uuid.UUID(int=number))


def pause(seconds):
    threading.Event().wait(seconds)


def cut_clip(folder, seconds):
    clip = folder / "clip.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-t", str(seconds), "-i", TESTS / "media/short.mp4", "-c", "copy", clip], check=True)
    return clip.read_bytes()


class Ana:
    """A client that remembers what she was told, and nothing else. What she was not told may or may not have happened."""

    def __init__(self, process, clip, dice):
        self.process = process
        self.clip = clip
        self.dice = dice
        self.headers = {}
        self.uploads = 0
        self.hashes = {}   # video -> SHA-256
        self.titles = {}   # video -> the last acknowledged title; absent while a change may be under way
        self.deleted = set()

    def live(self):
        """One life of the server, until it ends."""
        with contextlib.suppress(OSError, http.client.HTTPException, server.ServerError):
            self.process.start()
            if self._send("GET", "/api/v1/users/me").status != 200:
                self.sign_in()
            while not self.process.ended.is_set():
                self._act()
                self.process.ended.wait(0.2)

    def _act(self):
        unsettled = [video for video in self.videos() if video["status"] not in ("ready", "failed")]
        if len(unsettled) < UNSETTLED_MAX:
            self._upload()
        mine = sorted(self.hashes)
        chance = self.dice.random()
        if mine and chance < 0.3:
            self._name(self.dice.choice(mine))
        elif len(mine) > 4 and chance < 0.4:
            self._delete(self.dice.choice(mine))

    def _send(self, method, target, value=None):
        body = None if value is None else json.dumps(value).encode()
        return self._send_bytes(method, target, body, "application/json")

    def _send_bytes(self, method, target, body, content_type):
        headers = {**self.headers, **({"Content-Type": content_type} if body else {})}
        return client.send(self.process.host, self.process.port, method, target, headers, body)

    def sign_in(self):
        self.headers = {}
        person = {"email": "ana@example.test", "password": "correct horse battery"}
        answer = self._send("POST", "/api/v1/auth/login", person)
        if answer.status == 401:
            answer = self._send("POST", "/api/v1/setup", {**person, "name": "Ana", "token": self.process.setup_token})
        if answer.status in (200, 201):
            self.headers = {"Authorization": "Bearer " + answer.json()["access_token"]}

    def videos(self):
        return self._send("GET", "/api/v1/videos?limit=100").json()["data"]

    def _upload(self):
        self.uploads += 1
        # A box that players skip: every upload has bytes of its own.
        mark = str(self.uploads).encode()
        content = self.clip + struct.pack(">I4s", 8 + len(mark), b"free") + mark
        boundary = "kinora-kills"
        body = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{self.uploads}.mp4"\r\n\r\n'.encode()
                + content + f"\r\n--{boundary}--\r\n".encode())
        answer = self._send_bytes("POST", "/api/v1/videos/upload", body, f"multipart/form-data; boundary={boundary}")
        if answer.status == 201:
            video = answer.json()["video"]
            self.titles[video["id"]] = video["title"]
            self.hashes[video["id"]] = hashlib.sha256(content).hexdigest()

    def _name(self, video):
        title = f"named {self.dice.randrange(10**6)}"
        self.titles.pop(video, None)
        if self._send("PATCH", f"/api/v1/videos/{video}", {"title": title}).status == 200:
            self.titles[video] = title

    def _delete(self, video):
        del self.hashes[video]
        self.titles.pop(video, None)
        if self._send("DELETE", f"/api/v1/videos/{video}").status == 204:
            self.deleted.add(video)


class Run:
    def __init__(self, kinora, folder, seed):
        self.kinora = kinora
        self.data = folder / "data"
        self.dice = random.Random(seed)
        self.process = server.Server(kinora, folder, {f"RATE_LIMIT_{kind}": "off" for kind in ("LOGIN", "UPLOAD", "DEFAULT")})
        self.ana = Ana(self.process, cut_clip(folder, 3), random.Random(seed + 1))
        self.moments = collections.Counter()

    def kill_once(self):
        how = self.dice.choices(("alone", "with its children", "stop"), (45, 45, 10))[0]
        after = self.dice.uniform(0, LIFE_SECONDS)
        life = threading.Thread(target=self.ana.live)
        self.process.process = self.process.port = None
        if not self.ana.headers:
            self.process.setup_token = None  # each start prints another one
        self.process.ended.clear()
        life.start()
        self.process.ended.wait(after)
        self._end(how)
        life.join()
        self._wait_for_orphans()
        self._examine(final=False)
        self._note_moment(how)
        return f"{how} after {after:.2f} s"

    def _end(self, how):
        ready = self.process.process is not None and self.process.port is not None
        if how == "stop" and ready:
            self.process.stop()
            return
        while self.process.process is None:
            pause(0.01)
        for child in self._children() if how == "with its children" else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.kill()

    def _children(self):
        below = collections.defaultdict(list)
        for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = entry.read_text().rsplit(")", 1)[1].split()
                below[int(fields[1])].append(int(entry.parent.name))
        found = [self.process.process.pid]
        for process in found:
            found += below[process]
        return found[1:]

    def rows(self, statement):
        with contextlib.closing(sqlite3.connect(f"file:{self.data}/kinora.db?mode=ro", uri=True)) as database:
            return database.execute(statement).fetchall()

    def _note_moment(self, how):
        """In the middle of which work it was; and a stopped server has given all of it back."""
        with contextlib.suppress(sqlite3.Error):  # killed before there was a table
            running = self.rows("SELECT kind FROM jobs WHERE state = 'running' AND worker IS NOT NULL")
            if how == "stop" and running:
                raise Lost(f"a stopped server still holds {running}")
            self.moments.update([kind for kind, in running] or ["no job"])

    def _wait_for_orphans(self):
        deadline = time.monotonic() + 5
        while orphans := self._at_work():
            if time.monotonic() > deadline:
                raise Lost(f"processes have outlived the server: {orphans}")
            pause(0.02)

    def _at_work(self):
        found = []
        for link in pathlib.Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                if os.readlink(link).startswith(str(self.data)):
                    found.append(link.parent.name)
        return found

    def _examine(self, final):
        if not (self.data / "kinora.db").exists():
            return
        checked = subprocess.run([self.kinora, "check"], env=self.process.environment, capture_output=True, text=True, timeout=120)
        unfit = "no such table" in checked.stdout  # killed before its first migration was done
        if not unfit and (checked.returncode not in (0, 1) or "WRONG" in checked.stdout or (final and checked.returncode != 0)):
            raise Lost(f"kinora check ended with code {checked.returncode}:\n{checked.stdout}{checked.stderr}")
        if not unfit:
            self._compare()

    def _compare(self):
        kept = {video: (hash_, title) for video, hash_, title in self.rows("SELECT id, content_sha256, title FROM videos WHERE deleted_at IS NULL")}
        for video, wanted in self.ana.hashes.items():
            found = kept.get(canonical(video))
            if found is None or found[0] != wanted:
                raise Lost(f"the acknowledged video {video} is {found or 'gone'} instead of {wanted}")
            if video in self.ana.titles and found[1] != self.ana.titles[video]:
                raise Lost(f"the video {video} is called {found[1]}, and not {self.ana.titles[video]} as acknowledged")
        for video in self.ana.deleted:
            if canonical(video) in kept:
                raise Lost(f"the deleted video {video} is there again")

    def settle(self):
        self.process.start()
        self.ana.sign_in()  # an hour may have passed since the last time
        deadline = time.monotonic() + SETTLE_SECONDS
        videos = self.ana.videos()
        while any(video["status"] not in ("ready", "failed") for video in videos):
            if time.monotonic() > deadline or self.process.ended.wait(0.5):
                raise Lost(f"not everything settled:\n{json.dumps(videos, indent=1)}")
            videos = self.ana.videos()
        given_up = [stage["name"] for video in videos for stage in video["stages"] if stage["state"] == "failed"]
        for video in videos:
            for stage in video["stages"]:
                if stage["state"] == "failed" and "given up" not in stage["error"]["message"]:
                    raise Lost(f"a stage failed: {json.dumps(stage)} of {video['id']}")
        self._wait_for_quiet()
        self.process.stop()
        self.process.start()  # what is left for "the next start" is mended by it
        self.process.stop()
        self._examine(final=True)
        return len(videos), given_up

    def _wait_for_quiet(self):
        """Handlers of events go on after the videos have settled."""
        deadline = time.monotonic() + 60
        while self.rows("SELECT 1 FROM jobs WHERE state IN ('queued', 'running', 'retry_wait') "
                        "UNION ALL SELECT 1 FROM outbox_events WHERE published_at IS NULL"):
            if time.monotonic() > deadline or self.process.ended.wait(0.2):
                raise Lost("jobs or events are left over")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kinora", type=pathlib.Path, required=True, help="the program, build/dev/kinora say")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-kills-"))
    print(f"seed {seed}, {arguments.kills} kills, in {folder}", flush=True)
    run = Run(arguments.kinora.resolve(), folder, seed)
    try:
        for kill in range(1, arguments.kills + 1):
            done = run.kill_once()
            print(f"{kill:4} {done}; {len(run.ana.hashes)} videos acknowledged", flush=True)
        videos, given_up = run.settle()
    except (Lost, server.ServerError, subprocess.TimeoutExpired) as lost:
        run.process.kill()
        sys.exit(f"FAILED, seed {seed}, kept in {folder}: {lost}")
    print(f"in the middle of: {', '.join(f'{kind} {count}' for kind, count in run.moments.most_common())}")
    print(f"{arguments.kills} kills: {videos} videos settled, nothing lost, nothing doubled; given up after too many kills: "
          f"{', '.join(given_up) or 'none'}")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
