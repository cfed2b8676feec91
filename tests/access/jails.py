#!/usr/bin/env python3
"""The walls of the jail, whoever runs the server and whether or not it may make namespaces.

    python3 tests/access/jails.py --tests build/dev/children_tests

The tests of src/children run as whoever runs tests. Here they run again as an ordinary user (where we are root), and where the
kernel refuses namespaces, as it does in many containers: each must find the same walls.
"""
import argparse
import ctypes
import errno
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

WALLS = "Jail.*:LauncherTest.*"
ORDINARY = {"user": "nobody", "group": "nogroup", "extra_groups": []}
UNSHARE = {"x86_64": 272, "aarch64": 97}[platform.machine()]  # the system call's number

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38
SECCOMP_MODE_FILTER, SECCOMP_ALLOW, SECCOMP_ERRNO = 2, 0x7FFF0000, 0x00050000
LOAD_NUMBER, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06


class Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint16), ("jump_true", ctypes.c_uint8), ("jump_false", ctypes.c_uint8), ("value", ctypes.c_uint32)]


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(Instruction))]


def deny_namespaces():
    """From now on, for this process and its children: a seccomp filter under which unshare() is not permitted."""
    libc = ctypes.CDLL(None, use_errno=True)
    steps = [(LOAD_NUMBER, 0, 0, 0), (JUMP_IF_EQUAL, 0, 1, UNSHARE), (RETURN, 0, 0, SECCOMP_ERRNO | errno.EPERM),
             (RETURN, 0, 0, SECCOMP_ALLOW)]
    filter_ = (Instruction * len(steps))(*steps)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER,
                                                               ctypes.byref(Program(len(steps), filter_)), 0, 0):
        raise OSError(ctypes.get_errno(), "no seccomp filter")


def may_make_namespaces(how):
    words = ["unshare", "--net", "--ipc", "true"]
    is_root = os.getuid() == 0 and "user" not in how
    words[1:1] = [] if is_root else ["--user"]
    return subprocess.run(words, capture_output=True, **how).returncode == 0


def ways():
    """(name, how to start a program, whether namespaces must be refused there)"""
    who = {"root": {}, "an ordinary user": ORDINARY} if os.getuid() == 0 else {"an ordinary user": {}}
    for name, how in who.items():
        yield name, how, False
        yield f"{name}, without namespaces", {**how, "preexec_fn": deny_namespaces}, True


def run(tests, folder, how):
    """Yields how many tests passed and what was said; None instead of a number when not all did."""
    done = subprocess.run([tests, f"--gtest_filter={WALLS}", "--gtest_brief=1"], cwd=folder, capture_output=True, text=True, timeout=300,
                          env={**os.environ, "TMPDIR": str(folder)}, **how)
    passed = re.search(r"PASSED\s+\] (\d+) tests", done.stdout)
    return (int(passed[1]) if passed and done.returncode == 0 else None), done.stdout + done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", type=pathlib.Path, required=True, help="the program of the tests, build/dev/children_tests say")
    with tempfile.TemporaryDirectory(prefix="kinora-jails-") as name:
        folder = pathlib.Path(name)
        tests = folder / "children_tests"
        shutil.copy(parser.parse_args().tests, tests)  # where everybody may read it
        folder.chmod(0o1777)
        counts = set()
        for name, how, is_denied in ways():
            if is_denied and may_make_namespaces(how):
                sys.exit(f"FAILED: {name}: namespaces are to be refused here, and are not")
            count, said = run(tests, folder, how)
            print(f"{name}: {count} passed (namespaces {'allowed' if may_make_namespaces(how) else 'refused'})", flush=True)
            if not count:
                sys.exit(f"FAILED: {name}:\n{said}")
            counts.add(count)
    if len(counts) != 1:
        sys.exit("FAILED: not everybody ran the same tests")


if __name__ == "__main__":
    main()
