#!/usr/bin/env python3
"""Whether the time of a refused sign-in tells which addresses have accounts: no test, figures to read.

    tests/access/logins.py --kinora build/release/kinora [--calls 1000]

Known and unknown addresses are asked in turn, so that whatever else the machine does falls on both. Printed are the medians, and
how probable a difference like this one is where there is none (Kolmogorov and Smirnov): below 0.01 something is told.
"""
import argparse
import http.client
import json
import math
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scenario"))
import server  # noqa: E402

LIMITS = {"RATE_LIMIT_LOGIN": "off", "RATE_LIMIT_SIGNUP": "off", "RATE_LIMIT_DEFAULT": "off", "REGISTRATION": "open"}


def post(line, target, fields):
    began = time.perf_counter()
    line.request("POST", f"/api/v1{target}", json.dumps(fields), {"Content-Type": "application/json"})
    answer = line.getresponse()
    body = answer.read()
    return answer.status, body, time.perf_counter() - began


def probability_of_chance(one, other):
    """Of two samples from one distribution to lie as far apart as these: the two-sided Kolmogorov-Smirnov test."""
    both = sorted([(each, 0) for each in one] + [(each, 1) for each in other])
    heights, distance = [0.0, 0.0], 0.0
    for _, which in both:
        heights[which] += 1 / (len(one), len(other))[which]
        distance = max(distance, abs(heights[0] - heights[1]))
    size = math.sqrt(len(one) * len(other) / (len(one) + len(other)))
    scaled = (size + 0.12 + 0.11 / size) * distance
    return max(0.0, min(1.0, 2 * sum((-1) ** (term - 1) * math.exp(-2 * (term * scaled) ** 2) for term in range(1, 101))))


def ask(line, calls):
    """The times of known addresses, of unknown ones, and all that was answered. Each is asked four times: its limit is five."""
    times, told = ([], []), set()
    for number in range(calls):
        which = number % 2
        address = f"{('person', 'nobody')[which]}{number // 2 % (calls // 8 or 1)}@example.test"
        status, body, seconds = post(line, "/auth/login", {"email": address, "password": "wrong password"})
        words = {key: value for key, value in json.loads(body).items() if key not in ("request_id", "instance")}
        told.add((status, json.dumps(words)))
        times[which].append(seconds)
    return *times, told


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinora", type=pathlib.Path, required=True, help="the program, build/release/kinora say")
    parser.add_argument("--calls", type=int, default=400)
    wanted = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-logins-"))
    process = server.Server(wanted.kinora.resolve(), folder, LIMITS)
    try:
        process.start()
        line = http.client.HTTPConnection("127.0.0.1", process.port, timeout=60)
        for number in range(wanted.calls // 8 or 1):
            post(line, "/auth/signup", {"email": f"person{number}@example.test", "password": "correct horse", "name": "Person"})
        known, unknown, told = ask(line, wanted.calls)
        process.stop()
    finally:
        process.kill()
        shutil.rmtree(folder)
    for answer in told:
        print(f"answered: {answer}")
    print(f"median of known addresses {1000 * statistics.median(known):.2f} ms, of unknown ones {1000 * statistics.median(unknown):.2f} ms; "
          f"p = {probability_of_chance(known, unknown):.3f} over {len(known)} calls each")


if __name__ == "__main__":
    main()
