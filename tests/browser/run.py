#!/usr/bin/env python3
"""Tries the console in Chromium, against a server of its own.

    tests/browser/run.py console --kinora build/dev/kinora --node NODE --playwright FOLDER

A browser must not run as root: where we are root, it and what drives it run as nobody, on copies that nobody may read.
"""
import argparse
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "scenario"))
import server  # noqa: E402
sys.path.insert(0, str(HERE.parent / "faults"))
import lives  # noqa: E402

TIME_LIMIT = 540  # seconds
HELD_SECONDS, WORK_SECONDS = 10, 0.1
UNCOUNTED = {"RATE_LIMIT_LOGIN": "off", "RATE_LIMIT_SIGNUP": "off"}  # one person signs in more often here than people do


def workplace(node, playwright):
    """A folder with all the browser's side needs."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-browser-"))
    shutil.copy(node, folder / "node")
    shutil.copytree(playwright, folder / "playwright")
    short = HERE.parent / "media/short.mp4"
    shutil.copy(short, folder)
    subprocess.run(["ffmpeg", "-v", "error", "-i", short, "-t", "12", "-vf", "scale=1280:720", "-c:v", "libx264", "-preset", "ultrafast",
                    "-c:a", "copy", folder / "three rungs.mp4"], check=True)
    for script in HERE.glob("*.mjs"):
        shutil.copy(script, folder)
    if os.getuid() == 0:
        for path in [folder, *folder.rglob("*")]:
            shutil.chown(path, "nobody", "nogroup")
    return folder


def sandbox(who):
    """Chromium's needs namespaces of its own, which some containers deny to everybody but root."""
    made = subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True, **who)
    return "on" if made.returncode == 0 else "off"


def encoders_of_three_rungs(process):
    for child in lives.children_of(process.process.pid):
        with contextlib.suppress(OSError):
            if b"video-720." in pathlib.Path(f"/proc/{child}/cmdline").read_bytes():
                yield child


def hold_upper_rungs(folder, process):
    """The encoder of the film with three rungs works for a tenth of a second in ten until the browser's side says that it has played
    the first: one that stood still would be ended.
    """
    let_go = folder / "let go"
    while not let_go.exists() and not process.ended.is_set():
        held = list(encoders_of_three_rungs(process))
        for number, seconds in ((signal.SIGSTOP, HELD_SECONDS), (signal.SIGCONT, WORK_SECONDS)) if held else ():
            for child in held:
                with contextlib.suppress(OSError):
                    os.kill(child, number)
            until = time.monotonic() + seconds
            while time.monotonic() < until and not let_go.exists() and not process.ended.wait(0.02):
                pass
        process.ended.wait(0.05)


def drive(folder, tests, process):
    """Yields the exit code of the tests."""
    who = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8", "SANDBOX": sandbox(who)}
    link = f"http://{process.host}:{process.port}/setup?token={process.setup_token}"
    command = [folder / "node", folder / f"{tests}.mjs", link]
    try:
        return subprocess.run(command, cwd=folder, env=environment, timeout=TIME_LIMIT, **who).returncode
    except subprocess.TimeoutExpired:
        print(f"the browser's side did not end in {TIME_LIMIT} s")
        return 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tests", choices=("console", "interruptions"))
    for name in ("kinora", "node", "playwright"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    wanted = parser.parse_args()
    if not shutil.which("chromium"):
        sys.exit("Chromium is missing. Bring it: tools/setup --tests")
    data = pathlib.Path(tempfile.mkdtemp(prefix="kinora-browser-data-"))
    folder = workplace(wanted.node, wanted.playwright)
    process = server.Server(wanted.kinora.resolve(), data, UNCOUNTED)
    try:
        process.start()
        if wanted.tests == "console":
            threading.Thread(target=hold_upper_rungs, args=(folder, process), daemon=True).start()
        code = drive(folder, wanted.tests, process)
        process.stop()
    finally:
        process.kill()
    if code:
        print(f"kept: the server's log {process.log_path}, pictures in {folder}")
        return code
    shutil.rmtree(folder)
    shutil.rmtree(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
