"""i: durable jobs that do nothing, against BullMQ on a Redis that never syncs and graphile-worker with its local queue."""
import contextlib
import shutil
import statistics

import peers
import postgres
from drivers import Driver
from measure import Bar, Contender, Line, Tree, Trees, compare
from places import SERVER_CORE, free_port, on_core

TITLE = "no-op jobs"
JOBS = 2000
LATENCIES = 200


def run(bench):
    folder = bench.folder("i")
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(bench.native(folder))
        bullmq, redis = stack.enter_context(bullmq_driver(folder))
        graphile, database = stack.enter_context(graphile_driver(folder))
        lines = compare("i", "add, run and end a job", adding("kinora", ours, ours.tree),
                        [(adding("BullMQ", bullmq, Trees(bullmq.tree, redis)), Bar(1 / 3)),
                         (adding("graphile", graphile, Trees(graphile.tree, database)), Bar(1 / 2))])
        return [*lines, start_time(ours, bullmq)]


def adding(name, driver, tree):
    def work():
        driver.order("jobs", JOBS)
        return JOBS
    return Contender(name, tree, work)


def start_time(ours, bullmq):
    mine, theirs = [], []
    for _ in range(4):
        mine.append(float(ours.order("latency", LATENCIES)))
        theirs.append(float(bullmq.order("latency", LATENCIES)))
    ratio = statistics.median(one / other for one, other in zip(mine, theirs))
    detail = f"p50 {statistics.median(mine):.2f} against {statistics.median(theirs):.2f} ms"
    return Line("i", "from add to start", "BullMQ", ratio, "x", Bar(0.5), detail)


@contextlib.contextmanager
def bullmq_driver(folder):
    port = free_port()
    command = [shutil.which("redis-server") or "redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", folder,
               "--save", "", "--appendonly", "no", "--daemonize", "no"]
    with peers.Peer("redis", command, folder, {}, port) as redis:
        with Driver(peers.node_command("bullmq.mjs", folder), folder, {"REDIS_PORT": str(port)}) as driver:
            yield driver, redis.tree


@contextlib.contextmanager
def graphile_driver(folder):
    with on_core(SERVER_CORE):
        server = postgres.Server().__enter__()
    try:
        address = {"PGHOST": str(server.folder), "PGUSER": "kinora"}
        with Driver(peers.node_command("graphile.mjs", folder), folder, address) as driver:
            yield driver, Tree(server.process.pid)
    finally:
        server.__exit__()
