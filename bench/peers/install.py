#!/usr/bin/env python3
"""Installs the peers that npm and pip carry into kinora's cache: what package-lock.json and requirements.txt lock, by its hash.

    bench/peers/install.py

Their registries' own lock files name each package with its hash (docs/adr/0021-peers-by-their-own-locks.md). A folder in the
cache is named by the hash of its lock, so it is there whole or not at all.
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))
import cache  # noqa: E402
import fetch  # noqa: E402

NPM_LOCK = HERE / "package-lock.json"
PIP_LOCK = HERE / "requirements.txt"


def folder_of(lock):
    return cache.ROOT / "bench" / f"{lock.stem}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"


def node():
    return cache.ROOT / "bench" / f"node-{cache.lock()['archives']['node']['sha256'][:12]}" / "package"


def unpack_node(folder):
    with tarfile.open(cache.ARCHIVES / cache.lock()["archives"]["node"]["file"]) as archive:
        archive.extractall(folder, filter="data")


def install_npm(folder):
    """Nothing of a package runs while it is installed but better-sqlite3's own build, from its source."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    fetch.run("npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
    gyp = folder / "node_modules/node-gyp/bin/node-gyp.js"
    fetch.run(node() / "bin/node", gyp, "rebuild", f"--nodedir={node()}", folder=folder / "node_modules/better-sqlite3")


def install_pip(folder):
    fetch.run(fetch.python_with_pip(), "-m", "pip", "install", "-q", "--no-cache-dir", "--require-hashes", "--only-binary", ":all:",
              "--target", folder, "-r", PIP_LOCK, folder=folder)


def install(folder, into):
    if folder.exists():
        return
    half = folder.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    into(half)
    os.replace(half, folder)
    print(f"installed {folder.name}", flush=True)


def main():
    install(node().parent, unpack_node)
    install(folder_of(NPM_LOCK), install_npm)
    install(folder_of(PIP_LOCK), install_pip)


if __name__ == "__main__":
    cache.run_tool("bench/peers/install", main)
