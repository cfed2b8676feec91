#!/usr/bin/env python3
"""Sends the same upload from several sides at once, as clients do that believe their line to be dead when it is not.

    tests/faults/races.py --kinora build/dev/kinora [names of tests]

Whatever order they come in: one of them is taken, what is stored is what that one sent, and never more than the length.
"""
import concurrent.futures
import contextlib
import hashlib
import http.client
import pathlib
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import unittest

import cases
import lives

sys.path.insert(0, str(lives.TESTS / "scenario"))
import client  # noqa: E402
import server  # noqa: E402

ROUNDS = 40
SIDES = 4  # as many pieces as an account may send at a time
KEPT, NOT_FOUND, WRONG_PLACE, TOO_LARGE, BUSY = 204, 404, 409, 413, 423


class Races(unittest.TestCase):
    kinora = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-races-"))
        limits = {f"RATE_LIMIT_{kind}": "off" for kind in ("UPLOAD", "DEFAULT")}
        cls.process = server.Server(cls.kinora, cls.folder, {**limits, "KINORA_MODELS": str(cls.folder)})
        cls.process.start()
        ana = lives.Ana(cls.process, clip=b"", dice=None)
        ana.sign_in()
        cls.headers = {**ana.headers, "Tus-Resumable": "1.0.0"}
        cls.sides = concurrent.futures.ThreadPoolExecutor(SIDES)

    @classmethod
    def tearDownClass(cls):
        cls.sides.shutdown()
        cls.process.stop()
        shutil.rmtree(cls.folder)

    @classmethod
    def send(cls, method, target, body=None, **headers):
        named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        if body is not None:
            named["Content-Type"] = lives.PIECE
        return client.send(cls.process.host, cls.process.port, method, target, {**cls.headers, **named}, body)

    def setUp(self):
        self.dice = random.Random(self.id())

    def begin(self, **length):
        answer = self.send("POST", "/files", **length)
        self.assertEqual(answer.status, 201)
        return answer.headers["Location"], lives.canonical(answer.headers["X-Video-Id"])

    def add(self, where, offset, piece, **headers):
        return self.send("PATCH", where, piece, Upload_Offset=offset, **headers).status

    def offset_of(self, where):
        answer = self.send("HEAD", where)
        self.assertEqual(answer.status, 200)
        return int(answer.headers["Upload-Offset"])

    def at_once(self, act, *lists):
        """act() with each of the values, all at the same moment."""
        gate = threading.Barrier(len(lists[0]))

        def start(*values):
            gate.wait(30)
            return act(*values)
        return list(self.sides.map(start, *lists))

    def row_of(self, video):
        return self.row("SELECT content_sha256 FROM videos WHERE id = ?", video)

    def hash_of(self, video):
        return self.row_of(video)[0]

    def count_of_uploads(self):
        return self.row("SELECT COUNT(*) FROM uploads")[0]

    def row(self, statement, *values):
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/data/kinora.db?mode=ro", uri=True)) as database:
            return database.execute(statement, values).fetchone()

    def assert_stored(self, video, content):
        self.assertEqual(self.hash_of(video), hashlib.sha256(content).hexdigest())

    def test_of_pieces_at_one_offset_exactly_one_is_kept(self):
        for _ in range(ROUNDS):
            size = self.dice.choice((1, 1000, 300_000))
            where, video = self.begin(Upload_Length=2 * size)
            content = b""
            for offset in (0, size):
                pieces = [self.dice.randbytes(size) for _ in range(SIDES)]
                told = self.at_once(lambda piece: self.add(where, offset, piece), pieces)
                self.assertEqual(told.count(KEPT), 1, told)
                self.assertLessEqual(set(told), {KEPT, WRONG_PLACE, BUSY})
                self.assertEqual(self.offset_of(where), offset + size)
                content += pieces[told.index(KEPT)]
            self.assert_stored(video, content)

    def test_a_length_that_is_told_late_is_told_once(self):
        for _ in range(ROUNDS):
            where, video = self.begin(Upload_Defer_Length=1)
            pieces = [self.dice.randbytes(self.dice.randrange(1, 100_000)) for _ in range(SIDES)]
            told = self.at_once(lambda piece: self.add(where, 0, piece, Upload_Length=len(piece)), pieces)
            self.assertEqual(told.count(KEPT), 1, told)
            self.assertLessEqual(set(told), {KEPT, WRONG_PLACE, BUSY})
            kept = pieces[told.index(KEPT)]
            self.assertEqual(self.send("HEAD", where).headers["Upload-Length"], str(len(kept)))
            self.assert_stored(video, kept)

    def test_a_length_that_cannot_be_is_not_kept(self):
        content = self.dice.randbytes(1000)
        where, video = self.begin(Upload_Defer_Length=1)
        self.assertEqual(self.add(where, 0, content[:600]), KEPT)
        self.assertEqual(self.add(where, 600, content[600:], Upload_Length=599), WRONG_PLACE)
        self.assertEqual(self.add(where, 600, content[600:], Upload_Length=999), TOO_LARGE)
        self.assertEqual(self.send("HEAD", where).headers["Upload-Defer-Length"], "1")
        self.assertEqual(self.add(where, 600, content[600:], Upload_Length=1000), KEPT)
        self.assert_stored(video, content)

    def test_an_upload_that_is_given_up_under_a_piece_is_gone_or_goes_on(self):
        counted = {True: 0, False: 0}
        for _ in range(ROUNDS):
            content = self.dice.randbytes(200_000)
            where, video = self.begin(Upload_Length=2 * len(content))
            acts = [lambda where=where, piece=content: self.add(where, 0, piece), lambda where=where: self.send("DELETE", where).status]
            piece, ended = self.at_once(lambda act: act(), acts)
            is_gone = ended == KEPT
            counted[is_gone] += 1
            self.assertIn(ended, {KEPT, BUSY})
            self.assertIn(piece, {KEPT, BUSY, NOT_FOUND} if is_gone else {KEPT})
            self.assertEqual(self.send("HEAD", where).status, NOT_FOUND if is_gone else 200)
            self.assertEqual(self.row_of(video) is None, is_gone)
        print(f"{counted[True]} were gone, {counted[False]} went on", file=sys.stderr)

    def test_many_who_begin_with_one_key_begin_one_upload(self):
        for round_ in range(ROUNDS // 4):
            key = f"round-{round_}"
            before = self.count_of_uploads()
            told = self.at_once(lambda _: self.send("POST", "/files", Upload_Length=1000, Idempotency_Key=key), range(SIDES))
            self.assertLessEqual({answer.status for answer in told}, {201, WRONG_PLACE}, [answer.text() for answer in told])
            self.assertEqual(len({answer.headers["Location"] for answer in told if answer.status == 201}), 1)
            self.assertEqual(self.count_of_uploads(), before + 1)

    def test_never_more_is_kept_than_the_length(self):
        for _ in range(ROUNDS // 4):
            length = self.dice.randrange(1, 200_000)
            content = self.dice.randbytes(2 * length)
            where, video = self.begin(Upload_Length=length)
            sizes = [[self.dice.randrange(1, length + 2) for _ in range(12)] for _ in range(SIDES)]
            told = sum(self.at_once(lambda mine: self.add_all(where, length, content, mine), sizes), [])
            self.assertLessEqual(set(told), {KEPT, WRONG_PLACE, BUSY, TOO_LARGE})
            offset = self.offset_of(where)
            self.assertLessEqual(offset, length)
            if offset < length:
                self.assertEqual(self.add(where, offset, content[offset:length]), KEPT)
            self.assert_stored(video, content[:length])

    def add_all(self, where, length, content, sizes):
        """Pieces of these sizes, each at where the upload stands, or a little behind; half of them tell another length."""
        told = []
        for nth, size in enumerate(sizes):
            answer = self.send("HEAD", where)
            if answer.status == BUSY:
                continue
            offset = int(answer.headers["Upload-Offset"])
            another = {"Upload_Length": length + size} if nth % 2 else {}
            with contextlib.suppress(ConnectionError, http.client.HTTPException):
                told.append(self.add(where, offset, content[offset:offset + size], **another))
        return told


if __name__ == "__main__":
    cases.run(__doc__, Races)
