#!/usr/bin/env python3
"""Offers a server more than it can do, and prints what becomes of it: no test, figures to read.

    tests/faults/overload.py --kinora build/release/kinora [--seconds 10] [--target /api/v1/users/me]

First its capacity is measured: connections that ask again as soon as they are answered. Then requests are sent at 1, 2 and 3 times
that rate whether or not the earlier ones were answered, as a crowd does, and each is timed from the moment at which it was due.
Good is an answer of 200 within a second; what the server refuses must be refused soon, by 429 or 503 with Retry-After.
"""
import argparse
import asyncio
import json
import pathlib
import shutil
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "scenario"))
import client  # noqa: E402
import server  # noqa: E402

GOOD_SECONDS = 1.0
CLOSED_CONNECTIONS = 32
OPEN_CONNECTIONS_MAX = 1500
LIMITS = {f"RATE_LIMIT_{kind}": "off" for kind in ("LOGIN", "SIGNUP", "DEFAULT")}


class Line:
    """One connection; asks one request at a time."""

    def __init__(self, port, request):
        self.port = port
        self.request = request
        self.reader = self.writer = None

    async def ask(self):
        """The status, and whether Retry-After came with it."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(self.request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        await self.reader.readexactly(int(lower.split(b"content-length: ")[1].split(b"\r\n")[0]))
        if b"connection: close" in lower:
            self.close()
        return int(head[9:12]), b"retry-after" in lower

    def close(self):
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


class Tally:
    def __init__(self):
        self.good, self.refused, self.late, self.broken, self.bare, self.sent_late = [], [], 0, 0, 0, 0.0

    def note(self, answer, seconds):
        status, has_retry_after = answer
        if status == 200:
            self.good.append(seconds) if seconds <= GOOD_SECONDS else self.add_late()
        elif status in (429, 503):
            self.refused.append(seconds)
            self.bare += not has_retry_after
        else:
            self.broken += 1

    def add_late(self):
        self.late += 1


def quantile(values, part):
    return 1000 * sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else 0.0


async def capacity(port, request, seconds):
    """Answers a second, of connections that ask as soon as they are answered."""
    until = time.monotonic() + seconds
    count = 0

    async def go_on():
        nonlocal count
        line = Line(port, request)
        while time.monotonic() < until:
            await line.ask()
            count += 1
        line.close()

    await asyncio.gather(*(go_on() for _ in range(CLOSED_CONNECTIONS)))
    return count / seconds


async def offer(port, request, rate, seconds):
    """Sends at this rate whatever is answered; yields what became of it."""
    tally, free, running = Tally(), [], set()
    began = time.monotonic()

    async def one(due):
        line = free.pop() if free else Line(port, request)
        try:
            answer = await asyncio.wait_for(line.ask(), 10)
            tally.note(answer, time.monotonic() - due)
            free.append(line)
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError, IndexError):
            tally.broken += 1
            line.close()

    for number in range(int(rate * seconds)):
        due = began + number / rate
        if (wait := due - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        tally.sent_late = max(tally.sent_late, time.monotonic() - due)
        if len(running) >= OPEN_CONNECTIONS_MAX:
            tally.broken += 1
            continue
        task = asyncio.create_task(one(due))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    for line in free:
        line.close()
    return tally


async def measure(port, request, seconds):
    peak = await capacity(port, request, seconds)
    print(f"capacity: {peak:.0f} answers a second on {CLOSED_CONNECTIONS} connections", flush=True)
    print("offered/s  good/s  of peak  good p50/p99 ms  refused/s  p99 ms  without Retry-After  late/s  broken/s  sent late by ms")
    for times in (1, 2, 3):
        tally = await offer(port, request, times * peak, seconds)
        good = len(tally.good) / seconds
        print(f"{times * peak:9.0f} {good:7.0f} {good / peak:7.0%} {quantile(tally.good, .5):8.1f}/{quantile(tally.good, .99):<7.1f} "
              f"{len(tally.refused) / seconds:10.0f} {quantile(tally.refused, .99):7.1f} {tally.bare:20} {tally.late / seconds:7.0f} "
              f"{tally.broken / seconds:9.0f} {1000 * tally.sent_late:16.0f}", flush=True)
    after = time.monotonic()
    await Line(port, request).ask()
    print(f"the first answer behind it took {1000 * (time.monotonic() - after):.1f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinora", type=pathlib.Path, required=True, help="the program, build/release/kinora say")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--target", default="/api/v1/users/me")
    wanted = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-overload-"))
    process = server.Server(wanted.kinora.resolve(), folder, {**LIMITS, "LOG_LEVEL": "error"})
    try:
        process.start()
        person = {"email": "ana@example.test", "password": "correct horse battery", "name": "Ana", "token": process.setup_token}
        made = client.send(process.host, process.port, "POST", "/api/v1/setup", {"Content-Type": "application/json"}, json.dumps(person).encode())
        token = made.json()["access_token"]
        request = f"GET {wanted.target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        asyncio.run(measure(process.port, request, wanted.seconds))
        process.stop()
    finally:
        process.kill()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
