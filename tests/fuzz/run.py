#!/usr/bin/env python3
"""Runs one target of libFuzzer on its seeds and on what it makes of them, for KINORA_FUZZ_SECONDS (15).

    tests/fuzz/run.py --target build/asan/tests/fuzz/fuzz_head --seeds tests/fuzz/seeds/head --found build/asan/tests/fuzz/head

What reached new lines stays in --found and is the start of the next run. An input that breaks the target is printed, and kept
there as well: a copy of it belongs into the seeds.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

INPUT_BYTES_MAX = 4096
SECONDS_PER_INPUT = 5
MEMORY_MB = 2048


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=pathlib.Path, required=True)
    parser.add_argument("--found", type=pathlib.Path, required=True, help="a folder below the build")
    arguments = parser.parse_args()
    seconds = int(os.environ.get("KINORA_FUZZ_SECONDS", "15"))
    corpus, broken = arguments.found / "corpus", arguments.found / "broken"
    for folder in (corpus, broken):
        folder.mkdir(parents=True, exist_ok=True)
    for old in broken.iterdir():
        old.unlink()
    run = subprocess.run(
        [arguments.target, f"-max_total_time={seconds}", f"-max_len={INPUT_BYTES_MAX}", f"-timeout={SECONDS_PER_INPUT}",
         f"-rss_limit_mb={MEMORY_MB}", f"-artifact_prefix={broken}/", "-print_final_stats=1", "-reduce_inputs=0", corpus, arguments.seeds],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = run.stdout.decode("utf-8", "replace").splitlines()
    if run.returncode == 0:
        print("\n".join(line for line in said if line.startswith("stat::number_of_executed_units") or "DONE" in line))
        return 0
    print("\n".join(line for line in said if re.search(r"does not hold|ERROR|SUMMARY|runtime error|^ +#\d+ .*/(src|tests)/", line)))
    for found in sorted(broken.iterdir()):
        print(f"{found} is kept; the input was {found.read_bytes()!r}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
