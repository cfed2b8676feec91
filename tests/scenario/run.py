#!/usr/bin/env python3
"""Plays scenario files, each against a server of its own, and says how many passed."""
import argparse
import concurrent.futures
import pathlib
import shutil
import sys
import tempfile
import time

import play
import scenario
import server


def play_file(path, kinora, keep):
    """Yields what went wrong, or None."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"kinora-{path.stem}-"))
    wrong = None
    try:
        script = scenario.read(path.read_text())
        process = server.Server(kinora, folder, script.environment)
        try:
            process.start()
            play.Player(script, process).play()
            process.stop()
        finally:
            process.kill()
    except (scenario.ScenarioError, server.ServerError, play.Failure) as error:
        wrong = str(error)
    if wrong is None or not keep:
        shutil.rmtree(folder)
    else:
        wrong += f"\n--- the server's log is kept: {folder / 'server.log'}\n" + _tail(folder / "server.log")
    return wrong


def _tail(path):
    return "\n".join(path.read_text(errors="replace").splitlines()[-15:]) if path.exists() else "(it is empty)"


def play_timed(path, arguments):
    started = time.monotonic()
    wrong = play_file(path, arguments.kinora, arguments.keep_logs == "yes")
    return path, wrong, time.monotonic() - started


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinora", type=pathlib.Path, required=True, help="the program, build/dev/kinora say")
    parser.add_argument("--jobs", type=int, default=1, choices=(1, 2), help="files played side by side")
    parser.add_argument("--keep-logs", choices=("yes", "no"), default="yes", help="keep the data folder of a failed file")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.kinora = arguments.kinora.resolve()
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        runs = [pool.submit(play_timed, path, arguments) for path in arguments.files]
        for run in concurrent.futures.as_completed(runs):
            path, wrong, seconds = run.result()
            print(f"{'ok  ' if wrong is None else 'FAIL'} {path.stem} ({seconds:.1f} s)", flush=True)
            if wrong is not None:
                failed += 1
                print(wrong, flush=True)
    print(f"{len(arguments.files) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
