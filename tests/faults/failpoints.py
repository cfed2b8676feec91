#!/usr/bin/env python3
"""Ends a server at each of its named failpoints, has each step fail once where it can, and looks whether anything was lost or
doubled. Fails for a failpoint that is listed and not reached.

    tests/faults/failpoints.py --kinora build/dev/kinora [--seed 7] [--only jobs.finish ...]
"""
import lives

REACH_SECONDS = 15
TRIES = 4  # what a sweep finds, a life before has left; one may have had too much to do to leave anything
FAILING_SECONDS = 6
START = {"database.commit": 100}  # how often it is passed before the server is ready, at most
# More uploads than there is time to work on, and more deletions: else the later failpoints find nothing new to do.
EAGER = ("blobs.", "media.", "uploads.", "sweep.", "search.removed")


def meet_each(run, arguments, dice):
    known = lives.failpoints(run.kinora)
    wanted = arguments.only or [name for name, _ in known]
    for number, name in enumerate(wanted, 1):
        eager = name.startswith(EAGER)
        if not any(run.die_at(name, 1, REACH_SECONDS, eager) for _ in range(TRIES)):
            raise lives.Lost(f"the failpoint {name} was not reached in {TRIES} lives of {REACH_SECONDS} s")
        print(f"{number:4} {name}; {len(run.ana.hashes)} videos acknowledged", flush=True)
    # What fails while the server starts ends it, as it should.
    steps = [(name, dice.randint(1, 3) + START.get(name, 0)) for name, may_fail in known
             if may_fail and not name.startswith("migrations.")]
    run.fail_at(steps, FAILING_SECONDS)
    return f"a kill at each of {len(wanted)} failpoints, an error at {len(steps)}"


def main():
    parser = lives.arguments_of(__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", help="these failpoints, and not all")
    lives.examine(meet_each, parser.parse_args())


if __name__ == "__main__":
    main()
