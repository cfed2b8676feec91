#!/usr/bin/env python3
"""Kills a server in the middle of real work, again and again, and looks each time whether anything was lost or doubled.

    tests/faults/kills.py --kinora build/dev/kinora [--kills 40] [--seed 7] [--chaos]

Each life of the server takes uploads, changes and deletions until it is killed at a random moment (half of the time with its
children, half of the time alone), or stopped. With --chaos every second life ends at a named failpoint instead. Then `kinora
check` examines what it left, and all that it had acknowledged must be there. At the end everything must settle. The same seed
kills at the same moments.
"""
import lives

LIFE_SECONDS = 6  # start, upload, probe, encode and transcribe of the clip lie within


def kill_once(run, dice, failpoints):
    how = dice.choices(("alone", "with its children", "stop"), (45, 45, 10))[0]
    after = dice.uniform(0, LIFE_SECONDS)
    failpoint, nth = dice.choice(failpoints or [""]), dice.randint(1, 4)
    if failpoint and dice.random() < 0.5:
        reached = run.die_at(failpoint, nth, LIFE_SECONDS)
        return f"at {failpoint}, time {nth}" if reached else f"alone after {LIFE_SECONDS} s, before {failpoint}, time {nth}"
    run.end_after(after, how)
    return f"{how} after {after:.2f} s"


def kill(run, arguments, dice):
    failpoints = [name for name, _ in lives.failpoints(run.kinora)] if arguments.chaos else []
    for number in range(1, arguments.kills + 1):
        done = kill_once(run, dice, failpoints)
        print(f"{number:4} {done}; {len(run.ana.hashes)} videos acknowledged", flush=True)
    return f"{arguments.kills} kills"


def main():
    parser = lives.arguments_of(__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--chaos", action="store_true", help="every second life ends at a failpoint")
    lives.examine(kill, parser.parse_args())


if __name__ == "__main__":
    main()
