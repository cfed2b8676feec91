#!/usr/bin/env python3
"""Talks to a server as no client should: requests that two parsers read differently, floods of headers and sockets, slow senders.

    tests/faults/attacks.py --kinora build/dev/kinora [names of tests]

After each the next client is served, and the server's memory stays where it was.
"""
import contextlib
import pathlib
import shutil
import socket
import stat
import sys
import tempfile
import time
import unittest

import cases

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "scenario"))
import client  # noqa: E402
import server  # noqa: E402

PATIENCE_SECONDS = 20
MEMORY_BYTES_MAX = 24 * 2**20
HOST = "Host: localhost\r\n"
LOGIN = "POST /api/v1/auth/login HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n"
CHUNKED = LOGIN + "Transfer-Encoding: chunked\r\n\r\n"
NEXT = "GET /api/v1 HTTP/1.1\r\n" + HOST + "X-Request-Id: smuggled\r\n\r\n"

# What was sent -> what it must be answered by; behind each stands a request that must not be seen.
REFUSED = {
    "a length and chunks": (LOGIN + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "chunks and a length": (LOGIN + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
    "two lengths": (LOGIN + "Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}", 400),
    "twice the same length": (LOGIN + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
    "a list of lengths": (LOGIN + "Content-Length: 2, 2\r\n\r\n{}", 400),
    "a length with a sign": (LOGIN + "Content-Length: +2\r\n\r\n{}", 400),
    "a negative length": (LOGIN + "Content-Length: -2\r\n\r\n{}", 400),
    "a length in hexadecimal": (LOGIN + "Content-Length: 0x2\r\n\r\n{}", 400),
    "a length beyond all numbers": (LOGIN + "Content-Length: 99999999999999999999\r\n\r\n{}", 400),
    "a blank before the colon": (LOGIN + "Content-Length : 2\r\n\r\n{}", 400),
    "a coding that is hidden": (LOGIN + "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400),
    "a coding that is unknown": (LOGIN + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
    "two codings": (LOGIN + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    "chunks in HTTP/1.0": ("POST /api/v1/auth/login HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "a folded line": (LOGIN + "X: 1\r\n folded\r\n\r\n", 400),
    "a bare line feed": (LOGIN + "X: 1\nContent-Length: 2\r\n\r\n{}", 400),
    "a bare carriage return": (LOGIN + "X: 1\rContent-Length: 2\r\n\r\n{}", 400),
    "a NUL in a header": (LOGIN + "X: a\0b\r\n\r\n", 400),
    "two hosts": ("GET / HTTP/1.1\r\n" + HOST + HOST + "\r\n", 400),
    "no host": ("GET / HTTP/1.1\r\n\r\n", 400),
    "a blank in the address": ("GET /a b HTTP/1.1\r\n" + HOST + "\r\n", 400),
    "no version": ("GET /\r\n" + HOST + "\r\n", 400),
    "another version": ("GET / HTTP/2.0\r\n" + HOST + "\r\n", 505),
    "HTTP/2 itself": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "a greeting of TLS": ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "a" * 500 + "\n", 400),
    "an address without end": ("GET /" + "a" * 10000 + " HTTP/1.1\r\n" + HOST + "\r\n", 414),
    "a header without end": ("GET / HTTP/1.1\r\n" + HOST + "X: " + "a" * 100000, 431),
    "a hundred thousand headers": ("GET / HTTP/1.1\r\n" + HOST + "X: 1\r\n" * 100000 + "\r\n", 431),
    "a negative chunk": (CHUNKED + "-1\r\n{}\r\n0\r\n\r\n", 400),
    "a chunk beyond all numbers": (CHUNKED + "ffffffffffffffffff\r\n{}", 400),
    "a chunk in decimal with a sign": (CHUNKED + "+2\r\n{}\r\n0\r\n\r\n", 400),
    "a chunk without a size": (CHUNKED + "\r\n{}\r\n0\r\n\r\n", 400),
    "a chunk that is longer than it says": (CHUNKED + "2\r\n{}xx\r\n0\r\n\r\n", 400),
    "a chunk that ends in a bare line feed": (CHUNKED + "2\n{}\r\n0\r\n\r\n", 400),
    "an extension without end": (CHUNKED + "2;" + "a" * 100000, 400),
    "a trailer without end": (CHUNKED + "2\r\n{}\r\n0\r\n" + "X: 1\r\n" * 20000, 400),
    "a megabyte and more of JSON": (LOGIN + "Content-Length: 100000000\r\n\r\n{", 413),
}


class Connection:
    def __init__(self, port, sent=""):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        with contextlib.suppress(ConnectionError):  # refused before all of it was read
            self.socket.sendall(sent.encode("latin-1"))

    def all(self):
        """What came until the server closed."""
        arrived = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := self.socket.recv(65536):
                arrived += piece
        self.socket.close()
        return arrived.decode("latin-1")


def status_of(text):
    return int(text.split(" ", 2)[1]) if text.startswith("HTTP/1.1 ") else None


class Attacks(unittest.TestCase):
    kinora = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-attacks-"))
        cls.process = server.Server(cls.kinora, cls.folder, {"RATE_LIMIT_LOGIN": "off", "RATE_LIMIT_DEFAULT": "off"})
        cls.process.start()
        cls.serves(cls.process)
        cls.memory_before = cls.memory()

    @classmethod
    def tearDownClass(cls):
        cls.process.stop()
        shutil.rmtree(cls.folder)

    def tearDown(self):
        self.assertTrue(self.serves(self.process), "the next client is not served")
        self.assertLess(self.memory() - self.memory_before, MEMORY_BYTES_MAX, "bytes of memory more than at the start")

    @staticmethod
    def serves(process):
        return client.send(process.host, process.port, "GET", "/api/v1", {}, None).status == 200

    @classmethod
    def memory(cls):
        with open(f"/proc/{cls.process.process.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))

    def test_what_can_be_read_in_two_ways_is_refused_and_what_follows_not_read(self):
        for what, (sent, status) in REFUSED.items():
            with self.subTest(what):
                answer = Connection(self.process.port, sent + NEXT).all()
                self.assertEqual(status_of(answer), status)
                self.assertNotIn("smuggled", answer)
                self.assertEqual(answer.count("HTTP/1.1 "), 1)

    def test_an_upgrade_to_http_2_is_not_taken(self):
        offer = "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n"
        answer = Connection(self.process.port, "GET /api/v1 HTTP/1.1\r\n" + HOST + offer).all()
        self.assertEqual(status_of(answer), 200)

    def test_a_body_that_nobody_asked_for_is_not_taken_for_a_request(self):
        inner = "GET /api/v1/health HTTP/1.1\r\n" + HOST + "X-Request-Id: smuggled\r\n\r\n"
        sent = f"GET /api/v1 HTTP/1.1\r\n{HOST}Content-Length: {len(inner)}\r\n\r\n{inner}"
        answer = Connection(self.process.port, sent + NEXT.replace("smuggled", "the-second\r\nConnection: close")).all()
        self.assertEqual(answer.count("HTTP/1.1 200"), 2)
        self.assertNotIn("smuggled", answer)
        self.assertIn("the-second", answer)

    def test_garbage_behind_a_request_costs_only_its_connection(self):
        answer = Connection(self.process.port, NEXT + "\x00\xff garbage \x7f\r\n\r\n" * 50).all()
        self.assertEqual([status_of("HTTP/1.1 " + each) for each in answer.split("HTTP/1.1 ")[1:]], [200, 400])

    def test_two_thousand_requests_sent_before_an_answer_is_read_are_answered_in_order(self):
        sent = "".join(f"GET /healthz HTTP/1.1\r\n{HOST}X-Request-Id: number-{number:08}\r\n\r\n" for number in range(2000))
        answer = Connection(self.process.port, sent + NEXT.replace("smuggled", "the-last\r\nConnection: close")).all()
        numbers = [line.split("-")[-1] for line in answer.split("\r\n") if line.lower().startswith("x-request-id: number-")]
        self.assertEqual(numbers, [f"{number:08}" for number in range(2000)])

    def test_heads_that_never_end_are_closed(self):
        slow = [Connection(self.process.port, "GET / HTTP/1.1\r\n" + HOST + "X: ") for _ in range(300)]
        self.assertTrue(self.serves(self.process))
        deadline = time.monotonic() + 25
        while slow and time.monotonic() < deadline:
            slow = [each for each in slow if self._drip(each)]
        self.assertEqual(len(slow), 0, "connections that send a letter now and then are still open")

    def _drip(self, connection):
        """False once the server has closed."""
        connection.socket.settimeout(0.01)
        with contextlib.suppress(ConnectionError):
            connection.socket.send(b"a")
            try:
                if connection.socket.recv(65536):
                    return True
            except TimeoutError:
                return True
        connection.socket.close()
        return False


class Scarcity(unittest.TestCase):
    """A server that may open 256 files."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-scarcity-"))
        self.addCleanup(shutil.rmtree, self.folder)
        program = self.folder / "kinora"
        program.write_text(f'#!/bin/sh\nulimit -n 256\nexec "{Attacks.kinora}" "$@"\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        self.process = server.Server(program, self.folder, {"RATE_LIMIT_SIGNUP": "off", "RATE_LIMIT_DEFAULT": "off"})
        self.process.start()
        self.addCleanup(self.process.kill)

    def test_sockets_beyond_what_can_be_held_are_told_so_and_the_others_are_served(self):
        person = b'{"email": "ana@example.test", "password": "correct horse battery", "name": "Ana", "token": "%s"}'
        made = client.send(self.process.host, self.process.port, "POST", "/api/v1/setup", {"Content-Type": "application/json"},
                           person % self.process.setup_token.encode())
        token = made.json()["access_token"]
        request = f"GET /api/v1/users/me HTTP/1.1\r\n{HOST}Authorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        first = Connection(self.process.port)
        crowd = [Connection(self.process.port) for _ in range(600)]
        self.addCleanup(lambda: [each.socket.close() for each in (first, *crowd)])
        told = [status_of(each.all()) for each in crowd[-100:]]
        self.assertEqual(told, [503] * 100)
        first.socket.sendall(request.encode())
        self.assertEqual(status_of(first.all()), 200)
        for each in crowd:
            each.socket.close()
        self.assertTrue(self._served_again(request))
        self.process.stop()

    def _served_again(self, request):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if status_of(Connection(self.process.port, request).all()) == 200:
                return True
        return False


if __name__ == "__main__":
    cases.run(__doc__, Attacks)
