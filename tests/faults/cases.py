"""What the scripts of test cases share: how they are started."""
import argparse
import pathlib
import sys
import unittest


def run(what, case):
    """All of the case's tests, or those that are named; `case.kinora` is the program then."""
    parser = argparse.ArgumentParser(description=what.splitlines()[0])
    parser.add_argument("--kinora", type=pathlib.Path, required=True, help="the program, build/dev/kinora say")
    arguments, names = parser.parse_known_args()
    case.kinora = arguments.kinora.resolve()
    unittest.main(argv=[sys.argv[0], *names], verbosity=2)
