"""o: how soon a started server answers, what it holds when idle, per socket and per upload; how large it is."""
import socket
import statistics
import subprocess
import time

import kinora
from measure import Bar, Line, resident_bytes

TITLE = "start, idle, sizes"
STARTS = 5
SOCKETS = 1000
MIB = 1 << 20


def run(bench):
    folder = bench.folder("o")
    starts = [start_seconds(bench, folder / str(number)) for number in range(STARTS)]
    with kinora.Kinora(bench.program, folder / "kinora") as ours:
        ours.sign_in()
        time.sleep(3)  # what a start leaves behind is done
        pid = ours.tree.pid
        idle, cpu = resident_bytes(pid), idle_cpu(ours.tree)
        per_socket = socket_bytes(ours.port, pid)
    size = bench.program.stat().st_size
    return [Line("o", "start until ready, again on its data", "-", 1000 * statistics.median(starts), "ms", Bar(150)),
            Line("o", "idle memory", "-", idle / MIB, "MiB", Bar(40)),
            Line("o", "idle CPU", "-", 1000 * cpu, "ms/s", Bar(10)),
            Line("o", f"memory per idle socket, {SOCKETS} open", "-", per_socket / 1024, "KiB", Bar(4)),
            Line("o", "the program, stripped", "-", stripped_bytes(bench.program, folder, size) / MIB, "MiB", Bar(40))]


def start_seconds(bench, folder):
    """The second start: the first one makes the database and its secrets."""
    for _ in range(2):
        with kinora.Kinora(bench.program, folder) as server:
            seconds = server.start_seconds
    return seconds


def idle_cpu(tree, seconds=5):
    before = tree.cpu_seconds()
    time.sleep(seconds)
    return (tree.cpu_seconds() - before) / seconds


def socket_bytes(port, pid):
    """Each has asked once and been answered, as a browser's between two requests."""
    before = resident_bytes(pid)
    sockets = [asked_once(port) for _ in range(SOCKETS)]
    grown = resident_bytes(pid) - before
    for each in sockets:
        each.close()
    return grown / SOCKETS


def asked_once(port):
    connection = socket.create_connection(("127.0.0.1", port), 10)
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    connection.recv(4096)
    return connection


def stripped_bytes(program, folder, size):
    target = folder / "stripped"
    done = subprocess.run(["strip", "-o", target, program], capture_output=True)
    return target.stat().st_size if done.returncode == 0 else size
