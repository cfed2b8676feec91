"""Lines on the screen, and docs/performance.md, which is made of bench/results.json and of bench/notes/ROW.md."""
import dataclasses
import datetime
import importlib
import json
import os
import pathlib
import platform
import re
import subprocess

import install
from measure import Bar, Line
from places import BENCH, REPOSITORY

RESULTS = BENCH / "results.json"
PAGE = REPOSITORY / "docs/performance.md"

HEAD = """# Performance

Made by `make bench` (bench/README.md says how each figure comes about). A ratio is kinora's CPU time per operation over the
peer's, both on one core, measured in turn; below one kinora is cheaper. The control is the peer against itself: outside 0.95 to
1.05 the line is void. Figures without a peer are kinora's own.

"""


def value_text(value, unit):
    digits = 2 if value < 100 else 0
    return f"{value:.{digits}f}{'' if unit == 'x' else ' '}{unit}"


def line_text(line):
    control = f"control {line.control:.2f}" if line.control is not None else ""
    value = value_text(line.value, line.unit)
    return f"{line.verdict():6} {line.work:36} {line.against:12} {value:>12}  {line.bar.text(line.unit):>10}  {control:13} {line.detail}"


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout or done.stderr).strip().splitlines()[0] if done.stdout or done.stderr else "unknown"


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (f"{os.cpu_count()} cores of {model[1] if model else platform.machine()}, {memory:.0f} GiB, Linux {platform.release()}, "
            f"load {os.getloadavg()[0]:.1f} before the first row")


def versions():
    """Of the peers, from what locks them and from the programs themselves."""
    packages = json.loads(install.NPM_LOCK.read_text())["packages"]
    npm = [f"{name} {packages['node_modules/' + name]['version']}"
           for name in ("fastify", "better-sqlite3", "@nestjs/core", "@tus/server", "bullmq", "graphile-worker")]
    pip = re.findall(r"^(fastapi|uvicorn)==(\S+)", install.PIP_LOCK.read_text(), re.M)
    return [first_line("nginx", "-v").replace("nginx version: ", ""), first_line("redis-server", "--version").split(" sha")[0],
            first_line("/usr/lib/postgresql/15/bin/postgres", "--version"), "Node " + first_line(install.node() / "bin/node", "--version"),
            *npm, *(f"{name} {version}" for name, version in pip)]


def commit():
    return first_line("git", "-C", str(REPOSITORY), "rev-parse", "--short", "HEAD")


def remember(measured, about):
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for row, lines in measured.items():
        known[row] = {**about, "lines": [dataclasses.asdict(line) for line in lines]}
    RESULTS.write_text(json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    return known


def line_of(kept):
    return Line(**{**kept, "bar": Bar(**kept["bar"])})


def row_page(row, kept):
    lines = [line_of(each) for each in kept["lines"]]
    table = "".join(f"| {line.work} | {line.against} | {value_text(line.value, line.unit)} | {line.bar.text(line.unit)} | "
                    f"{line.verdict()} | {'' if line.control is None else f'{line.control:.2f}'} | {line.detail} |\n" for line in lines)
    notes = BENCH / f"notes/{row}.md"
    return (f"## {row}: {importlib.import_module('row_' + row).TITLE}\n\n{kept['date']}, commit {kept['commit']}, {kept['machine']}.\n\n"
            f"| work | against | figure | bar | | control | |\n|---|---|---|---|---|---|---|\n{table}\n"
            + (notes.read_text() + "\n" if notes.exists() else ""))


def write(measured, about_machine):
    about = {"date": datetime.date.today().isoformat(), "machine": about_machine, "commit": commit()}
    known = remember(measured, about)
    peers = "Peers: " + "; ".join(versions()) + ".\n\n"
    PAGE.write_text((HEAD + peers + "".join(row_page(row, known[row]) for row in sorted(known))).rstrip() + "\n")
