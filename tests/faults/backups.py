#!/usr/bin/env python3
"""Backs a server up while it works, ends backups in their middle, and restores each of them.

    tests/faults/backups.py --kinora build/dev/kinora [--backups 6] [--seed 7]

Whatever had been acknowledged when a backup began is in what comes back from it, and `kinora check` finds that whole. A backup
that was ended leaves what the one before it has made.
"""
import contextlib
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

import lives

sys.path.insert(0, str(lives.TESTS / "scenario"))
import server  # noqa: E402

READY_SECONDS = 60
COMMAND_SECONDS = 120
LIVE = "SELECT key FROM blobs WHERE state = 'live'"


class Backups:
    def __init__(self, kinora, folder, dice):
        self.kinora = kinora
        self.folder = folder
        self.dice = dice
        self.run = lives.Run(kinora, folder, dice, lives.Ana)
        self.ana = self.run.ana
        self.backup = folder / "backup"
        self.promised = {}  # video -> SHA-256, acknowledged before the last whole backup began
        self.slowest = 0.0

    def command(self, *words, failpoints=""):
        environment = {**self.run.process.environment, "KINORA_FAILPOINTS": failpoints}
        return subprocess.run([self.kinora, *map(str, words)], env=environment, capture_output=True, text=True, timeout=COMMAND_SECONDS)

    def must(self, *words):
        done = self.command(*words)
        if done.returncode != 0:
            raise lives.Lost(f"kinora {' '.join(map(str, words))} ended with code {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def live(self, work):
        """The server works for Ana while `work` is done."""
        life = threading.Thread(target=self.ana.live, args=(True,))
        life.start()
        try:
            self._wait(lambda: len(self.ana.hashes) > 1, "two acknowledged videos")
            work()
        finally:
            self.run.process.kill()
            life.join()
        if self.ana.complaint:
            raise self.ana.complaint

    def _wait(self, holds, what):
        over = time.monotonic() + READY_SECONDS
        while not holds():
            if time.monotonic() > over or self.run.process.ended.wait(0.05):
                raise lives.Lost(f"there were no {what}")

    def back_up(self):
        promised = dict(self.ana.hashes)
        self.must("backup", self.backup)
        self.promised = promised

    def wait_for_news(self):
        """Else there may be nothing to copy, and no step of it to be met."""
        kept = set(rows(self.backup, LIVE))
        self._wait(lambda: set(rows(self.run.data, LIVE)) - kept, "new files")

    def end_at(self, failpoint):
        """A backup that ends there. What it had committed by then is the new copy, else the old one stays."""
        self.wait_for_news()
        promised = dict(self.ana.hashes)
        done = self.command("backup", self.backup, failpoints=f"{failpoint}=kill")
        if done.returncode != -9:
            raise lives.Lost(f"the failpoint {failpoint} was not reached:\n{done.stdout}{done.stderr}")
        if failpoint == "backup.committed":
            self.promised = promised

    def refuse_at(self, failpoint):
        self.wait_for_news()
        done = self.command("backup", self.backup, failpoints=f"{failpoint}=error")
        if done.returncode != 1 or failpoint not in done.stderr:
            raise lives.Lost(f"a backup that fails at {failpoint} ended with code {done.returncode}:\n{done.stderr}")

    def restore(self):
        """Into a folder of its own, where all that was promised must be."""
        began = time.monotonic()
        restored = self.folder / "restored"
        shutil.rmtree(restored, ignore_errors=True)
        self.must("restore", self.backup, "--data", restored)
        self.slowest = max(self.slowest, time.monotonic() - began)
        checked = self.command("check", "--data", restored)
        if checked.returncode not in (0, 1) or "WRONG" in checked.stdout:
            raise lives.Lost(f"what was restored is not whole:\n{checked.stdout}{checked.stderr}")
        kept = rows(restored, "SELECT id, content_sha256 FROM videos")
        for video, wanted in self.promised.items():
            if video in self.ana.hashes and dict(kept).get(lives.canonical(video)) != wanted:
                raise lives.Lost(f"the video {video} was acknowledged before the backup, and is not in it")

    def damage(self):
        """One changed bit in a file that the backup has, and in one that it has not."""
        key, = self.dice.choice(rows(self.run.data, LIVE))
        flip_a_bit(blob_file(self.run.data, key))
        self.must("backup", self.backup)
        done = self.command("backup", self.folder / "second")
        if done.returncode != 1 or key not in done.stderr:
            raise lives.Lost(f"nobody said that the file {key} is damaged:\n{done.stdout}{done.stderr}")
        shutil.copyfile(blob_file(self.backup, key), self.folder / "whole")
        shutil.move(self.folder / "whole", blob_file(self.run.data, key))

    def serve(self):
        """The restored folder, to whom the first one knew."""
        process = self.run.process
        process.environment["KINORA_DATA"] = str(self.folder / "restored")
        began = time.monotonic()
        process.start()
        for where in self.ana.unfinished:  # of which the backup has no bytes
            if (status := self.ana.stands(where).status) not in (404, 410):
                raise lives.Lost(f"the unfinished upload {where} is answered with {status}")
        listed = {video["id"] for video in self.ana.videos()}
        took = time.monotonic() - began
        if not self.promised.keys() & self.ana.hashes.keys() <= listed:
            raise lives.Lost(f"a server on what was restored lists {listed}")
        process.kill()
        return took


def rows(data, statement):
    with contextlib.closing(sqlite3.connect(f"file:{data}/kinora.db?mode=ro", uri=True)) as database:
        return database.execute(statement).fetchall()


def blob_file(data, key):
    name = key.replace("/", "~")
    return next(file for file in (data / "blobs/blobs").glob("*/*") if file.name == name)


def flip_a_bit(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o600)
    file.write_bytes(content)


def examine(backups, count):
    def work():
        for number in range(1, count + 1):
            backups.back_up()
            backups.restore()
            print(f"{number:4} {len(backups.promised)} videos were acknowledged, and came back", flush=True)
        for name, may_fail in lives.failpoints(backups.kinora, of_backups=True):
            if may_fail:
                backups.refuse_at(name)
            backups.end_at(name)
            backups.restore()
            print(f"     ended at {name}", flush=True)
    backups.live(work)
    backups.back_up()
    backups.damage()
    backups.back_up()
    backups.restore()
    took = backups.serve()
    print(f"{count} backups of a working server: nothing lost; the slowest was back after {backups.slowest:.1f} s and served {took:.1f} s later")


def main():
    parser = lives.arguments_of(__doc__.splitlines()[0])
    parser.add_argument("--backups", type=int, default=6)
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-backups-"))
    print(f"seed {seed}, in {folder}", flush=True)
    backups = Backups(arguments.kinora.resolve(), folder, random.Random(seed))
    try:
        examine(backups, arguments.backups)
    except (lives.Lost, server.ServerError, subprocess.TimeoutExpired) as lost:
        backups.run.process.kill()
        sys.exit(f"FAILED, seed {seed}, kept in {folder}: {lost}")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
