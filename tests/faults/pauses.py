#!/usr/bin/env python3
"""Stops a working server (SIGSTOP) for longer than its leases, as a debugger or a moved machine does, and lets it go on.

    tests/faults/pauses.py --kinora build/dev/kinora [--pauses 3] [--seconds 7] [--seed 7]

Half of the time its children are stopped with it. It must go on with its work, as the holder that it was: nobody else was there
to take it over. Nothing that it acknowledged may be lost, and nothing done twice. The same seed stops at the same moments.
"""
import contextlib
import functools
import os
import signal

import lives

WORK_SECONDS = (2, 6)


def pause(run, seconds, whole):
    stopped = [run.process.process.pid, *(run.children() if whole else ())]
    tell(stopped, signal.SIGSTOP)
    lives.pause(seconds)
    tell(stopped, signal.SIGCONT)


def tell(processes, sent):
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, sent)


def pause_again_and_again(run, arguments, dice):
    for number in range(1, arguments.pauses + 1):
        whole = dice.random() < 0.5
        happen = functools.partial(pause, run, arguments.seconds, whole)
        run.outlive(happen, dice.uniform(*WORK_SECONDS), dice.choice(("alone", "stop")))
        print(f"{number:4} {'with its children' if whole else 'alone'}; {run.outlived} jobs were held so far", flush=True)
    return f"{arguments.pauses} pauses of {arguments.seconds:g} s, {run.outlived} jobs held over them"


def main():
    parser = lives.arguments_of(__doc__.splitlines()[0])
    parser.add_argument("--pauses", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=7)
    lives.examine(pause_again_and_again, parser.parse_args())


if __name__ == "__main__":
    main()
