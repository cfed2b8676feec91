"""bench_crowd on the core that the servers do not have: a crowd that asks at its own rate, whatever is answered."""
import json
import subprocess
from dataclasses import dataclass

from places import LOAD_CORE, Problem, on_core


@dataclass
class Tally:
    """What became of the requests; times in milliseconds from when each was due."""
    good: int  # 200 within a second
    good_p50_ms: float
    good_p99_ms: float
    refused: int  # 429 and 503
    refused_p99_ms: float
    without_retry_after: int
    late: int
    broken: int
    last_trouble_ms: float  # the last one that was not good, from the first one on
    sent_late_ms: float


class Crowd:
    def __init__(self, program, port, request):
        self._program = program
        self._port = port
        self._request = request

    def peak(self, seconds, connections=32):
        """Answers a second, of connections that ask again as soon as they are answered."""
        return self._asked(0, seconds, connections).good / seconds

    def offer(self, per_second, seconds, connections=1500):
        return self._asked(per_second, seconds, connections)

    def _asked(self, per_second, seconds, connections):
        command = [self._program, str(self._port), str(per_second), str(seconds), str(connections)]
        with on_core(LOAD_CORE):
            done = subprocess.run(command, input=self._request, capture_output=True, text=True)
        if done.returncode:
            raise Problem(f"bench_crowd ended with {done.returncode}: {done.stderr}")
        return Tally(**json.loads(done.stdout))
