"""Reads what `make test check` said: the budget by step, then one line that sums up all tests.

    .ci/summary.py LOG EXIT_CODE

Ends with 1 when the log does not say that anything was tested, or when it tells of a failure that the exit code hides.
"""
import re
import sys

STEP = re.compile(r"^== (.+): (done in|failed after) (\d+) s$", re.MULTILINE)
CTEST = re.compile(r"^\d+% tests passed, (\d+) tests? failed out of (\d+)$", re.MULTILINE)
UNITTEST = re.compile(r"^Ran (\d+) tests? in [\d.]+s\n\n(OK|FAILED \(([^)]*)\))", re.MULTILINE)


def counts(log):
    """(passed, failed) over every test run in the log; a step that failed without one counts as one failure."""
    passed = failed = 0
    for found in CTEST.finditer(log):
        failed += int(found[1])
        passed += int(found[2]) - int(found[1])
    for found in UNITTEST.finditer(log):
        wrong = sum(int(number) for number in re.findall(r"(?:failures|errors)=(\d+)", found[3] or ""))
        failed += wrong
        passed += int(found[1]) - wrong
    if failed == 0:
        failed += sum(1 for found in STEP.finditer(log) if found[2] != "done in")
    return passed, failed


def main(path, code):
    with open(path, errors="replace") as file:
        log = file.read()
    steps = STEP.findall(log)
    print("\nSeconds by step:")
    for name, end, seconds in steps:
        print(f"{int(seconds):6d}  {name}{'' if end == 'done in' else '   FAILED'}")
    print(f"{sum(int(seconds) for _, _, seconds in steps):6d}  in all")
    passed, failed = counts(log)
    if code != 0 and failed == 0:
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
