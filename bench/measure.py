"""What work costs a server: the CPU time of its whole process tree, in alternating laps, as ratios to a peer."""
import os
import pathlib
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

LAPS = 8
CONTROL_WITHIN = (0.95, 1.05)
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Process:
    """The fields of /proc/PID/stat that count here."""
    parent: int
    own_ticks: int
    ended_ticks: int  # of children that have ended


def _read(pid):
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return Process(int(fields[1]), sum(map(int, fields[11:13])), sum(map(int, fields[13:15])))


class Tree:
    """A process and all that it started."""

    def __init__(self, pid):
        self.pid = pid

    def _members(self):
        every = {int(name): found for name in os.listdir("/proc") if name.isdigit() and (found := _read(name))}
        members, fresh = {}, [self.pid]
        while fresh:
            members |= {pid: every[pid] for pid in fresh if pid in every}
            fresh = [pid for pid, process in every.items() if process.parent in fresh and pid not in members]
        return members

    def cpu_seconds(self):
        return sum(process.own_ticks + process.ended_ticks for process in self._members().values()) / TICK

    def resident_bytes(self):
        return sum(resident_bytes(pid) for pid in self._members())


class Alone:
    """A process without what it started."""

    def __init__(self, pid):
        self.pid = pid

    def cpu_seconds(self):
        return _read(self.pid).own_ticks / TICK


class Trees:
    """A server that is several programs."""

    def __init__(self, *trees):
        self._trees = trees

    def cpu_seconds(self):
        return sum(tree.cpu_seconds() for tree in self._trees)


class Ended:
    """The programs that this process has started and waited for."""

    def cpu_seconds(self):
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime


def resident_bytes(pid, field="VmRSS"):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return 1024 * int(line.split()[1])
    return 0


@dataclass
class Cost:
    cpu_us: float
    wall_us: float


@dataclass
class Contender:
    """A server under some load: `work` does it and yields how many operations were served."""
    name: str
    tree: Tree | Trees | Alone | Ended
    work: Callable[[], int]

    def lap(self):
        cpu, started = self.tree.cpu_seconds(), time.monotonic()
        operations = self.work()
        wall = time.monotonic() - started
        cpu = self.tree.cpu_seconds() - cpu
        return Cost(1e6 * cpu / operations, 1e6 * wall / operations)


@dataclass
class Bar:
    """What a figure or ratio must reach."""
    limit: float
    at_least: bool = False

    def is_met(self, value):
        return value >= self.limit if self.at_least else value <= self.limit

    def text(self, unit="x"):
        limit = f"{self.limit:.3g}" if self.limit < 1000 else f"{self.limit:.0f}"
        return f"{'>=' if self.at_least else '<='} {limit} {unit}".replace(" x", "x")


@dataclass
class Line:
    """One line of the report."""
    row: str
    work: str
    against: str
    value: float
    unit: str
    bar: Bar
    detail: str = ""
    control: float | None = None

    def verdict(self):
        if self.control is not None and not CONTROL_WITHIN[0] <= self.control <= CONTROL_WITHIN[1]:
            return "void"
        return "met" if self.bar.is_met(self.value) else "short"


def median_of_ratios(above, below):
    return statistics.median(one / other for one, other in zip(above, below))


def compare(row, work, ours, peers, laps=LAPS):
    """A line for each (peer, bar): laps in turn, A B A B; the peer's even laps against its odd ones are the control."""
    contenders = [ours, *(peer for peer, _ in peers)]
    for contender in contenders:
        contender.lap()  # caches warm, code compiled
    costs = {contender.name: [] for contender in contenders}
    for _ in range(laps):
        for contender in contenders:
            costs[contender.name].append(contender.lap())
    return [_line(row, work, costs, ours, peer, bar) for peer, bar in peers]


def cpu_text(microseconds):
    return f"{microseconds:.1f} µs" if microseconds < 10_000 else f"{microseconds / 1000:.0f} ms"


def _line(row, work, costs, ours, peer, bar):
    mine = [cost.cpu_us for cost in costs[ours.name]]
    theirs = [cost.cpu_us for cost in costs[peer.name]]
    detail = f"{cpu_text(statistics.median(mine))} against {cpu_text(statistics.median(theirs))} CPU"
    return Line(row, work, peer.name, median_of_ratios(mine, theirs), "x", bar, detail, median_of_ratios(theirs[1::2], theirs[::2]))
