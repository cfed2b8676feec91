"""wrk on the core that the servers do not have."""
import json
import os
import pathlib
import subprocess
from dataclasses import dataclass

from places import LOAD_CORE, Problem, on_core

SCRIPT = pathlib.Path(__file__).parent / "load.lua"


@dataclass
class Load:
    requests: int
    seconds: float
    errors: int
    p50_ms: float
    p99_ms: float


def wrk(url, headers=(), connections=16, seconds=2, pause_ms=0):
    """Errors: Problem when an answer was none or not 2xx: a figure made of refusals is worth nothing."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", SCRIPT, *(f"-H{header}" for header in headers), url]
    with on_core(LOAD_CORE):
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "BENCH_PAUSE_MS": str(pause_ms)})
    told = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not told:
        raise Problem(f"wrk could not ask {url}: {done.stdout}{done.stderr}")
    load = Load(**json.loads(told[0]))
    if load.errors or not load.requests:
        raise Problem(f"{load.errors} of {load.requests} requests to {url} failed")
    return load


def at_half_load(url, headers, peak_per_second, seconds=4):
    """Half of what the server can, by connections that rest 10 ms between their requests."""
    connections = max(1, round(peak_per_second / 2 * 0.010))
    return wrk(url, headers, connections, seconds, pause_ms=10)
