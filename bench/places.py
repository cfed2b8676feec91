"""Where things are and run: folders, cores, ports."""
import contextlib
import os
import pathlib
import socket
import sys

BENCH = pathlib.Path(__file__).resolve().parent
REPOSITORY = BENCH.parent
PEERS = BENCH / "peers"
sys.path[:0] = [str(REPOSITORY / "tools"), str(REPOSITORY / "tests/scenario"), str(REPOSITORY / "tests/quality"), str(PEERS)]

SERVER_CORE, LOAD_CORE = 0, 1


class Problem(Exception):
    """What could not be measured, and why."""


@contextlib.contextmanager
def on_core(core):
    """What is started within runs on this core alone."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
