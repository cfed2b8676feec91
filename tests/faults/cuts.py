#!/usr/bin/env python3
"""Uploads in pieces by a foreign client, tus-js-client, through lines that break, to a server that is killed now and then.

    tests/faults/cuts.py --kinora build/dev/kinora [--uploads 40] [--seed 7]

Each upload of 1 byte to 24 MiB is cut 1 to 20 times, at any byte of a request or instead of an answer; the server sees the end of
the line, a reset, or nothing. What is stored must be what was sent. What was acknowledged is not sent again; of the rest no more
than a line holds, and after a kill no more than lies between two commits. Who comes back is let in within two seconds, though
the server still listens to the dead line. The same seed cuts at the same bytes.
"""
import json
import queue
import subprocess
import sys
import threading

import lives

sys.path.insert(0, str(lives.TESTS.parent / "tools"))
import cache  # noqa: E402

LIFE_SECONDS = (2, 8)
AT_ONCE = 3  # an account may send four pieces at a time
KEPT = 30  # videos that are looked at again after each life
QUIET_SECONDS = 120  # in which at least one upload must end


class Senders(lives.Ana):
    """What Ana is told by the process that uploads for her."""
    sends_media = False

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.node = None
        self.reports = queue.Queue()
        self.is_over = False
        self.told_port = None
        self.examined = set()  # by a comparison after a life
        self.done = []

    def begin(self, arguments, seed):
        command = [cache.unpacked("node") / "package/bin/node", lives.TESTS / "faults/cuts.mjs",
                   cache.unpacked("tus-js-client") / "package/dist/tus.js", str(arguments.uploads), str(seed), str(AT_ONCE)]
        self.node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.node.stdout:
            self.reports.put(json.loads(line))
        self.reports.put(None)

    def end(self):
        self.node.kill()
        self.node.wait()

    def listen(self):
        """Takes in what was reported; False: there will be no more."""
        while not self.is_over:
            try:
                report = self.reports.get_nowait()
            except queue.Empty:
                return True
            if report is None:
                self.is_over = True
                if code := self.node.wait():
                    raise lives.Lost(f"the uploads ended with code {code}")
            elif "wrong" in report:
                raise lives.Lost(report["wrong"])
            else:
                self.hashes[report["video"]] = report["sha256"]
                self.done.append(report)
        return False

    def _act(self, eager):
        if not self.is_over and self.told_port != self.process.port:
            self.told_port = self.process.port
            self.examined = set(self.hashes)
            where = {"port": self.process.port, "token": self.headers["Authorization"].split()[1]}
            self.node.stdin.write(json.dumps(where) + "\n")
            self.node.stdin.flush()
        self.listen()
        for video in sorted(self.examined)[:-KEPT]:
            self.examined.discard(video)
            self._delete(video)
        if self.is_over:
            self._delete_strays()

    def _delete_strays(self):
        """Of an upload whose creation was answered into a cut, its client never heard."""
        while strays := [video["id"] for video in self.videos() if video["id"] not in self.hashes]:
            for video in strays:
                self._delete(video)


def cut(run, arguments, dice):
    senders = run.ana
    senders.begin(arguments, dice.randrange(10**6))
    try:
        while senders.listen():
            before = len(senders.done)
            run.end_after(dice.uniform(*LIFE_SECONDS), dice.choices(("alone", "stop"), (80, 20))[0])
            print(f"{len(senders.done):5} uploads acknowledged", flush=True)
    finally:
        senders.end()
    run.end_after(LIFE_SECONDS[1], "stop")
    return told_of(senders.done)


def told_of(done):
    cuts = [report["cuts"] for report in done]
    again = {reason: max(report["sent_again"][reason] for report in done) for reason in ("by_cuts", "by_kills")}
    return (f"{len(done)} uploads of {sum(report['size'] for report in done) >> 20} MiB, each cut {min(cuts)} to {max(cuts)} times, "
            f"{sum(cuts)} in all, {sum(report['kills'] > 0 for report in done)} across a kill; sent again at most {again['by_cuts'] >> 10} KiB "
            f"after a cut and {again['by_kills'] >> 10} KiB after a kill; a lock was handed over within "
            f"{max(report['handover_ms'] for report in done):.0f} ms")


def main():
    parser = lives.arguments_of(__doc__.splitlines()[0])
    parser.add_argument("--uploads", type=int, default=40)
    lives.examine(cut, parser.parse_args(), Senders)


if __name__ == "__main__":
    cache.run_tool("cuts", main)
