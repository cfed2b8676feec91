#!/usr/bin/env python3
"""Measures kinora against its peers, prints each row's ratio and writes docs/performance.md.

    bench/run.py [--kinora build/release/kinora] [ROW ...]     rows: a b c d e f g h i o overload, all of them without names

Everything runs on 127.0.0.1: servers on core 0, what asks them on core 1. What was measured earlier and is not asked for now
stays in docs/performance.md with its date.
"""
import argparse
import importlib
import os
import pathlib
import sys
import tempfile
import time

import places  # noqa: F401  it says where the modules of the rest are
import report
from drivers import Driver
from places import REPOSITORY, Problem

ROWS = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "o", "overload"]


class Bench:
    """What the rows share: the program, and a folder that is gone afterwards."""

    def __init__(self, program, root):
        self.program = program
        self.root = root

    def native(self, folder, environment=()):
        """What is driven without HTTP; built beside the program by make bench."""
        return Driver([self.program.parent / "bench/bench_native", folder, self.program], folder, environment)

    def folder(self, row):
        folder = self.root / row
        folder.mkdir()
        return folder


def measure(bench, rows):
    """Lines by row; a row that cannot be measured tells why, and the others go on."""
    measured, problems = {}, []
    for row in rows:
        started = time.monotonic()
        module = importlib.import_module(f"row_{row}")
        print(f"\n{row}: {module.TITLE}", flush=True)
        try:
            measured[row] = module.run(bench)
        except (Problem, OSError) as problem:
            problems.append(row)
            print(f"  not measured: {problem}", flush=True)
            continue
        for line in measured[row]:
            print("  " + report.line_text(line), flush=True)
        print(f"  ({time.monotonic() - started:.0f} s)", flush=True)
    return measured, problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW")
    parser.add_argument("--kinora", type=pathlib.Path, default=REPOSITORY / "build/release/kinora")
    parser.add_argument("--dry", action="store_true", help="only print")
    wanted = parser.parse_args()
    if unknown := set(wanted.rows) - set(ROWS):
        parser.error(f"no row named {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("bench: two cores are needed, one for servers and one for what asks them")
    machine = report.machine()
    with tempfile.TemporaryDirectory(prefix="kinora-bench-") as root:
        measured, problems = measure(Bench(wanted.kinora.absolute(), pathlib.Path(root)), wanted.rows or ROWS)
    if not wanted.dry:
        report.write(measured, machine)
    void = [line for lines in measured.values() for line in lines if line.verdict() == "void"]
    if problems or void:
        sys.exit(f"bench: not measured: {', '.join(problems) or 'none'}; void: {len(void)} (a busy machine? Measure those rows again)")


if __name__ == "__main__":
    main()
