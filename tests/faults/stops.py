#!/usr/bin/env python3
"""Stops a working server by SIGTERM at random moments, under uploads, questions, lists and open streams.

    tests/faults/stops.py --kinora build/dev/kinora [--stops 10] [--seed 7]

What was under way when the signal came must be answered well, whole, and in time; the server ends with code 0 and holds no job;
what it acknowledged is there at the next start. The same seed stops at the same moments.
"""
import argparse
import collections
import http.client
import json
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

import lives
import watchers

sys.path.insert(0, str(lives.TESTS / "scenario"))
sys.path.insert(0, str(lives.TESTS.parent / "tools"))
import cache  # noqa: E402
import client  # noqa: E402
import server  # noqa: E402

EXIT_SECONDS = 25
HURRY_SECONDS = 2
GRACE_SECONDS = 9.5  # after which what still runs is told to come again
UNDER_WAY_SECONDS = 0.5  # sent so long before the signal, a request has been read
LIMITS = {f"RATE_LIMIT_{kind}": "off" for kind in ("LOGIN", "SIGNUP", "DEFAULT", "UPLOAD", "CHAT")}

Deed = collections.namedtuple("Deed", "what began ended status told")


class Crowd:
    """Clients that go on until the server ends, and write down what became of each request."""

    def __init__(self, process, token, clip, chat):
        self.process = process
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.clip = clip
        self.chat = chat
        self.deeds = []
        self.uploads = 0
        self.over = threading.Event()
        works = [self._list, self._list, self._ask, self._upload, self._upload_slowly, self._watch]
        self.threads = [threading.Thread(target=self._go_on, args=(work,), daemon=True) for work in works]

    def start(self):
        for thread in self.threads:
            thread.start()

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def _go_on(self, work):
        while not self.over.is_set():
            began, status, told = time.monotonic(), None, ""
            try:
                status, told = work()
            except (OSError, http.client.HTTPException, ValueError) as error:
                told = repr(error)
            self.deeds.append(Deed(work.__name__, began, time.monotonic(), status, told))
            self.over.wait(0.05)

    def _send(self, method, target, body=None, headers=None):
        answer = client.send(self.process.host, self.process.port, method, f"/api/v1{target}", headers or self.headers, body)
        return answer.status, answer.text()

    def _list(self):
        return self._send("GET", "/videos")

    def _ask(self):
        return self._send("POST", f"/chats/{self.chat}/messages", json.dumps({"content": "What was said?"}).encode())

    def _form(self):
        self.uploads += 1
        name = f"{self.uploads}.mp4"
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        return head + self.clip + b"\r\n--x--\r\n"

    def _upload(self):
        return self._send("POST", "/videos/upload", self._form(), {**self.headers, "Content-Type": "multipart/form-data; boundary=x"})

    def _upload_slowly(self):
        """Over a second or two, so that the signal falls into its middle."""
        form = self._form()
        with socket.create_connection((self.process.host, self.process.port), timeout=60) as line:
            line.sendall(f"POST /api/v1/videos/upload HTTP/1.1\r\nHost: a\r\nAuthorization: {self.headers['Authorization']}\r\n"
                         f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(form)}\r\n\r\n".encode())
            for at in range(0, len(form), len(form) // 8):
                line.sendall(form[at:at + len(form) // 8])
                lives.pause(0.2)
            answer = http.client.HTTPResponse(line)
            answer.begin()
            return answer.status, answer.read().decode()

    def _watch(self):
        stream = watchers.Stream(self.process.port, "/api/v1/events", self.headers["Authorization"].split()[1])
        try:
            while stream.next() is not None:
                continue
            return 200, ""
        finally:
            stream.close()


class Run:
    def __init__(self, kinora, folder, seed):
        self.kinora = kinora
        self.folder = folder
        self.dice = random.Random(seed)
        self.process = server.Server(kinora, folder, LIMITS)
        self.clip = lives.cut_clip(folder, 3)
        self.acknowledged = set()
        self.counted = collections.Counter()
        self.slowest = 0.0

    def _made(self, target, fields, token=None):
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        return client.send(self.process.host, self.process.port, "POST", f"/api/v1{target}", headers, json.dumps(fields).encode()).json()

    def _sign_in(self):
        person = {"email": "ana@example.test", "password": "correct horse battery"}
        answer = self._made("/auth/login", person)
        if "access_token" not in answer:
            answer = self._made("/setup", {**person, "name": "Ana", "token": self.process.setup_token})
        return answer["access_token"]

    def stop_once(self):
        # Half of the time no model has to be loaded, and a question is answered at once.
        self.process.environment["KINORA_MODELS"] = str(self.dice.choice([self.folder, cache.MODELS]))
        self.process.start()
        token = self._sign_in()
        crowd = Crowd(self.process, token, self.clip, self._made("/chats", {}, token)["id"])
        crowd.start()
        self.process.ended.wait(self.dice.uniform(0.5, 6))
        stopped_at = time.monotonic()
        code = self._end(EXIT_SECONDS)
        took = time.monotonic() - stopped_at
        self.slowest = max(self.slowest, took)
        crowd.end()
        self.process.ended.wait(5)
        if code != 0:
            raise lives.Lost(f"the server ended with code {code}")
        self._judge(crowd.deeds, stopped_at)
        self._examine()
        return f"ended in {took:.2f} s; {sum(self.counted.values())} under way so far were answered"

    def _end(self, seconds):
        self.process.process.send_signal(signal.SIGTERM)
        try:
            return self.process.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise lives.Lost(f"the server still ran {seconds} s after SIGTERM") from None

    def hurry_once(self):
        """A second signal ends it at once, as a kill does: nothing that was acknowledged is lost."""
        self.process.start()
        token = self._sign_in()
        crowd = Crowd(self.process, token, self.clip, self._made("/chats", {}, token)["id"])
        crowd.start()
        self.process.ended.wait(self.dice.uniform(0.5, 4))
        self.process.process.send_signal(signal.SIGTERM)
        self.process.ended.wait(self.dice.uniform(0, 0.3))
        asked_again_at = time.monotonic()
        self._end(HURRY_SECONDS)
        took = time.monotonic() - asked_again_at
        crowd.end()
        self.process.ended.wait(5)
        self.acknowledged.update(json.loads(deed.told)["video"]["id"] for deed in crowd.deeds if deed.status == 201 and "upload" in deed.what)
        self._examine_videos()
        return f"asked twice, ended after {took:.2f} s"

    def _judge(self, deeds, stopped_at):
        for deed in deeds:
            if deed.status == 201 and "upload" in deed.what:
                self.acknowledged.add(json.loads(deed.told)["video"]["id"])
            was_under_way = deed.began < stopped_at - UNDER_WAY_SECONDS and deed.ended > stopped_at
            was_told = deed.status == 503 and deed.ended > stopped_at + GRACE_SECONDS
            if was_under_way:
                self.counted[deed.what + (" told to come again" if was_told else "")] += 1
            if (was_under_way or deed.ended < stopped_at) and not was_told and deed.status not in (200, 201):
                raise lives.Lost(f"{deed.what}, begun {stopped_at - deed.began:.2f} s before the signal and ended "
                                 f"{deed.ended - stopped_at:.2f} s after it, got {deed.status} {deed.told[:300]}")

    def _rows(self, statement):
        with sqlite3.connect(f"file:{self.folder}/data/kinora.db?mode=ro", uri=True) as database:
            return database.execute(statement).fetchall()

    def _examine(self):
        if held := self._rows("SELECT kind FROM jobs WHERE state = 'running' AND worker IS NOT NULL"):
            raise lives.Lost(f"a stopped server still holds {held}")
        self._examine_videos()

    def _examine_videos(self):
        kept = {video for video, in self._rows("SELECT id FROM videos")}
        if gone := [video for video in self.acknowledged if lives.canonical(video) not in kept]:
            raise lives.Lost(f"acknowledged videos are gone: {gone}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kinora", type=pathlib.Path, required=True, help="the program, build/dev/kinora say")
    parser.add_argument("--stops", type=int, default=10)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-stops-"))
    print(f"seed {seed}, {arguments.stops} stops, in {folder}", flush=True)
    run = Run(arguments.kinora.resolve(), folder, seed)
    try:
        for number in range(1, arguments.stops + 1):
            print(f"{number:4} {run.stop_once()}", flush=True)
            if number % 5 == 0:
                print(f"{number:4} {run.hurry_once()}", flush=True)
    except (lives.Lost, server.ServerError) as lost:
        run.process.kill()
        sys.exit(f"FAILED, seed {seed}, kept in {folder}: {lost}")
    print(f"under way when the signal came: {', '.join(f'{what} {count}' for what, count in run.counted.most_common())}")
    print(f"{arguments.stops} stops, the slowest in {run.slowest:.2f} s; {len(run.acknowledged)} uploads acknowledged, nothing lost")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
