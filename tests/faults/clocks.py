#!/usr/bin/env python3
"""Puts the clock of a working server forward and back, by a second, an hour and a day, under uploads and jobs.

    tests/faults/clocks.py --kinora build/dev/kinora [--rounds 1] [--seed 7]

Whoever holds a job keeps it, and what waits goes on. Tokens end when the clock says so. What comes round each hour comes once for
each hour that the clock shows for the first time, and not again for those that it shows again. libfaketime stands between the
server and the time of day; what passes is measured as ever.
"""
import functools
import pathlib
import sys
import time

import lives

sys.path.insert(0, str(lives.TESTS / "scenario"))
import client  # noqa: E402

LIBRARY = "usr/lib/*-linux-gnu/faketime/libfaketimeMT.so.1"
HOUR = 3600
JUMPS = (24 * HOUR, -24 * HOUR, HOUR, -HOUR, 1, -1)
STRETCH = 1  # by so much a token may be off
WORK_SECONDS = (2, 5)


class Clock:
    """The time of day as the server is told it, so many seconds from the true one."""

    def __init__(self, folder):
        library = next(pathlib.Path("/").glob(LIBRARY), None)
        if library is None:
            raise lives.Lost("libfaketime is missing. Bring it: tools/setup --tests")
        self.file = folder / "clock"
        self.offset = 0
        self.hour_of_jump = 0
        self.put(0)
        self.environment = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
                            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}

    def put(self, seconds):
        self.offset += seconds
        new = self.file.with_suffix(".new")
        new.write_text(f"{self.offset:+d}")
        new.replace(self.file)
        self.hour_of_jump = int(time.time() + self.offset) // HOUR


class Patient(lives.Ana):
    """Ana, who signs in again when she is told that her time is over."""
    may_expire = True

    def _act(self, eager):
        if self._send("GET", "/api/v1/users/me").status == 401:
            self.sign_in()
        super()._act(eager)


def is_let_in(run, headers):
    return client.send(run.process.host, run.process.port, "GET", "/api/v1/users/me", headers, None).status == 200


def jump(run, clock, seconds):
    run.ana.sign_in()
    headers = run.ana.headers
    clock.put(seconds)
    if is_let_in(run, headers) != (abs(seconds) <= STRETCH):
        raise lives.Lost(f"a token of just before is {'refused' if abs(seconds) <= STRETCH else 'taken'} behind a jump of {seconds} s")


def require_one_sweep_an_hour(run, hour):
    """For each hour that was shown, and by the last one for `hour`."""
    hours = [due // (HOUR * 10**6) for due, in run.rows("SELECT due_at FROM cron_runs WHERE name = 'jobs.sweep' ORDER BY due_at")]
    jobs, = run.rows("SELECT COUNT(*) FROM jobs WHERE kind = 'jobs.sweep'")[0]
    if len(set(hours)) != jobs or hours[-1] < hour:
        raise lives.Lost(f"{jobs} sweeps for the hours {hours}, and now it is hour {hour}")


def jump_again_and_again(run, arguments, dice):
    clock = Clock(run.process.folder)
    run.process.environment.update(clock.environment)
    for number in range(1, arguments.rounds + 1):
        for seconds in dice.sample(JUMPS, len(JUMPS)):
            happen = functools.partial(jump, run, clock, seconds)
            run.outlive(happen, dice.uniform(*WORK_SECONDS), dice.choice(("alone", "stop")))
            require_one_sweep_an_hour(run, clock.hour_of_jump)
            print(f"{number:4} {seconds:+d} s; {run.outlived} jobs were held so far", flush=True)
    return f"{arguments.rounds * len(JUMPS)} jumps, {run.outlived} jobs held over them"


def main():
    parser = lives.arguments_of(__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1, help="each of all jumps")
    lives.examine(jump_again_and_again, parser.parse_args(), Patient)


if __name__ == "__main__":
    main()
