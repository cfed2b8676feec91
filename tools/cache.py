"""The dependency cache: where it is, what the lock file says, and whether a file in it is the locked one."""
import hashlib
import json
import os
import pathlib
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
ROOT = pathlib.Path(os.environ.get("KINORA_CACHE") or pathlib.Path.home() / ".cache" / "kinora").absolute()
ARCHIVES = ROOT / "archives"
MODELS = ROOT / "models"


class Problem(Exception):
    """What went wrong, why, and what to do about it."""


def lock():
    return json.loads((REPOSITORY / "kinora.lock.json").read_text())


def unpacked(name):
    """Where a build that needs this archive has unpacked it."""
    folder = ROOT / "unpacked" / f"{name}-{lock()['archives'][name]['sha256'][:12]}"
    if not folder.exists():
        raise Problem(f"{name} is not unpacked. Do it: tools/setup --tests && cmake --preset dev")
    return folder


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _stamp_of(path, digest):
    seen = path.stat()
    return f"{digest} {seen.st_size} {seen.st_mtime_ns}\n"


def is_locked(path, digest, verify=False):
    """True when path has the locked sha256. A stamp beside it (hash, size, time) spares reading the file again."""
    stamp = path.with_name(f".{path.name}.ok")
    try:
        if not verify and stamp.read_text() == _stamp_of(path, digest):
            return True
    except OSError:
        pass
    if not path.exists() or sha256(path) != digest:
        stamp.unlink(missing_ok=True)
        return False
    stamp.write_text(_stamp_of(path, digest))
    return True


def keep(path, target, digest):
    """Moves a finished file of the cache's own file system to its place; a reader sees the whole file or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "rb") as file:
        os.fsync(file.fileno())
    os.chmod(path, 0o644)
    os.replace(path, target)
    target.with_name(f".{target.name}.ok").write_text(_stamp_of(target, digest))


def run_tool(name, main):
    """Ends a tool with one short message instead of a stack trace when the world, not the code, is at fault."""
    try:
        main()
    except (Problem, OSError) as problem:
        sys.exit(f"{name}: {problem}")
    except KeyboardInterrupt:
        sys.exit(f"{name}: stopped; start it again to go on")
