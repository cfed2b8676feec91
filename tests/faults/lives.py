"""Lives of a server under real work, each ended in the middle of it; what it left is examined and compared with all that was
acknowledged. kills.py ends them at random moments, failpoints.py at each of the named ones.
"""
import argparse
import collections
import contextlib
import dataclasses
import hashlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import uuid

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "scenario"))
import client  # noqa: E402
import server  # noqa: E402

SETTLE_SECONDS = 300
UNSETTLED_MAX = 3
UNSETTLED_MAX_EAGER = 5
PATIENCE_SECONDS = 60
GO_ON_SECONDS = 6  # longer than a lease: what is claimed twice is seen
ORPHANS_SECONDS = 5  # in which a new server has taken up what the one before it worked on
DAY_US = 86_400_000_000
PIECE = "application/offset+octet-stream"
BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"


class Lost(Exception):
    """Something is not as it must be."""


GONE = (OSError, http.client.HTTPException, server.ServerError)  # what is seen of a server that ends


def canonical(text):
    """vid_01h... -> the UUID that a row has."""
    number = 0
    for digit in text.split("_")[1]:
        number = number * 32 + BASE32.index(digit)
    return str(uuid.UUID(int=number))


def pause(seconds):
    threading.Event().wait(seconds)


def children_of(process):
    """And their children."""
    below = collections.defaultdict(list)
    for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text().rsplit(")", 1)[1].split()
            below[int(fields[1])].append(int(entry.parent.name))
    found = [process]
    for each in found:
        found += below[each]
    return found[1:]


def cut_clip(folder, seconds):
    clip = folder / "clip.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-t", str(seconds), "-i", TESTS / "media/short.mp4", "-c", "copy", clip], check=True)
    return clip.read_bytes()


@dataclasses.dataclass
class Upload:
    """One that is sent in pieces."""
    content: bytes
    video: str
    acknowledged: int = 0


class Ana:
    """A client that remembers what she was told, and nothing else. What she was not told may or may not have happened."""
    sends_media = True
    may_expire = False  # what she sends in pieces

    def __init__(self, process, clip, dice):
        self.process = process
        self.clip = clip
        self.dice = dice
        self.headers = {}
        self.uploads = 0
        self.hashes = {}   # video -> SHA-256
        self.titles = {}   # video -> the last acknowledged title; absent while a change may be under way
        self.deleted = set()
        self.unfinished = {}  # where it is -> Upload
        self.left_alone = set()  # uploads that she will never finish
        self.given_up = set()    # the videos of all such
        self.acts = 0
        self.complaint = None

    def live(self, eager=False):
        """One life of the server, until it ends. Eager, she sends more than there is time to work on."""
        try:
            with contextlib.suppress(*GONE):
                self.process.start()
                if self._send("GET", "/api/v1/users/me").status != 200:
                    self.sign_in()
            while self.process.port is not None and not self.process.ended.is_set():
                with contextlib.suppress(*GONE):
                    self._act(eager)
                    self.acts += 1
                self.process.ended.wait(0.05 if eager else 0.2)
        except Lost as lost:
            self.complaint = lost

    def _act(self, eager):
        listed = self.videos()
        unsettled = [video for video in listed if video["status"] not in ("ready", "failed")]
        if self.unfinished:
            self._go_on(self.dice.choice(sorted(self.unfinished)))
        elif len(unsettled) < (UNSETTLED_MAX_EAGER if eager else UNSETTLED_MAX):
            self.dice.choice((self._upload, self._begin_in_pieces))()
        mine = sorted(self.hashes)
        in_pieces = {upload.video for upload in self.unfinished.values()}
        # Those that she has given up expire by themselves.
        strays = sorted({video["id"] for video in listed} - in_pieces - self.hashes.keys() - self.given_up)
        chance = self.dice.random()
        if mine and chance < 0.3:
            self._name(self.dice.choice(mine))
        elif len(mine) > (1 if eager else 4) and chance < (0.7 if eager else 0.4):
            self._delete(self.dice.choice(mine))
        elif len(strays) > 1:  # of whose uploads she was not told
            self._delete(self.dice.choice(strays))

    def _send(self, method, target, value=None):
        body = None if value is None else json.dumps(value).encode()
        return self._send_bytes(method, target, body, "application/json")

    def _send_bytes(self, method, target, body, content_type):
        headers = {**self.headers, **({"Content-Type": content_type} if body else {})}
        return client.send(self.process.host, self.process.port, method, target, headers, body)

    def sign_in(self):
        self.headers = {}
        person = {"email": "ana@example.test", "password": "correct horse battery"}
        answer = self._send("POST", "/api/v1/auth/login", person)
        if answer.status == 401:
            answer = self._send("POST", "/api/v1/setup", {**person, "name": "Ana", "token": self.process.setup_token})
        if answer.status in (200, 201):
            self.headers = {"Authorization": "Bearer " + answer.json()["access_token"]}

    def videos(self):
        answer = self._send("GET", "/api/v1/videos?limit=100")
        if answer.status != 200:  # a server that stops says so
            raise server.ServerError(f"the list of videos answered {answer.status}")
        return answer.json()["data"]

    def _next_content(self):
        """With a box that players skip: every upload has bytes of its own."""
        self.uploads += 1
        mark = str(self.uploads).encode()
        return self.clip + struct.pack(">I4s", 8 + len(mark), b"free") + mark

    def _begin_in_pieces(self):
        content = self._next_content()
        answer = self._send_piece("POST", "/files", {"Upload-Length": str(len(content))})
        if answer.status != 201:
            return
        where = answer.headers["Location"]
        if not self.left_alone:
            self.left_alone.add(where)
            self.given_up.add(answer.headers["X-Video-Id"])
        else:
            self.unfinished[where] = Upload(content, answer.headers["X-Video-Id"])

    def _go_on(self, where):
        """Half of what is missing, or all of it."""
        upload = self.unfinished[where]
        content = upload.content
        answer = self.stands(where)
        if answer.status == 503:
            return
        if answer.status in (404, 410) and self.may_expire:
            del self.unfinished[where]
            self.left_alone.add(where)
            self.given_up.add(upload.video)
            return
        if answer.status != 200:
            raise Lost(f"the upload {where} is answered with {answer.status} {answer.text()}")
        offset = int(answer.headers["Upload-Offset"])
        if offset < upload.acknowledged:
            raise Lost(f"the upload {where} stands at {offset}, and {upload.acknowledged} bytes were acknowledged")
        end = len(content) if self.dice.random() < 0.5 else offset + (len(content) - offset) // 2
        if offset < len(content):
            answer = self._send_piece("PATCH", where, {"Upload-Offset": str(offset)}, content[offset:end])
        if answer.status in (200, 204):
            offset = upload.acknowledged = int(answer.headers["Upload-Offset"])
        if offset == len(content):
            self.hashes[upload.video] = hashlib.sha256(content).hexdigest()
            del self.unfinished[where]

    def stands(self, where):
        return self._send_piece("HEAD", where)

    def finish_uploads(self):
        while self.unfinished:
            self._go_on(min(self.unfinished))

    def _send_piece(self, method, target, headers=None, body=None):
        headers = {**self.headers, "Tus-Resumable": "1.0.0", "Content-Type": PIECE, **(headers or {})}
        return client.send(self.process.host, self.process.port, method, target, headers, body)

    def _upload(self):
        content = self._next_content()
        boundary = "kinora-kills"
        body = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{self.uploads}.mp4"\r\n\r\n'.encode()
                + content + f"\r\n--{boundary}--\r\n".encode())
        answer = self._send_bytes("POST", "/api/v1/videos/upload", body, f"multipart/form-data; boundary={boundary}")
        if answer.status == 201:
            video = answer.json()["video"]
            self.titles[video["id"]] = video["title"]
            self.hashes[video["id"]] = hashlib.sha256(content).hexdigest()

    def _name(self, video):
        title = f"named {self.dice.randrange(10**6)}"
        self.titles.pop(video, None)
        if self._send("PATCH", f"/api/v1/videos/{video}", {"title": title}).status == 200:
            self.titles[video] = title

    def _delete(self, video):
        self.hashes.pop(video, None)
        self.titles.pop(video, None)
        if self._send("DELETE", f"/api/v1/videos/{video}").status == 204:
            self.deleted.add(video)


class Run:
    """The lives of one data folder."""

    def __init__(self, kinora, folder, dice, client_kind):
        self.kinora = kinora
        self.data = folder / "data"
        self.process = server.Server(kinora, folder, {f"RATE_LIMIT_{kind}": "off" for kind in ("LOGIN", "UPLOAD", "DEFAULT")})
        self.ana = client_kind(self.process, cut_clip(folder, 3), dice)
        self.moments = collections.Counter()
        self.ended_itself = False
        self.was_stopped = False  # by SIGTERM, when it was ready
        self.orphans = set()  # jobs that the last server died with
        self.slowest_orphan = 0.0
        self.outlived = 0  # jobs that were held over what happened

    def end_after(self, seconds, how):
        """A life that is ended from outside, unless it ends before."""
        self._live("", seconds, lambda: self._end(how))
        self._note_moment()

    def outlive(self, happen, seconds, how):
        """The same, but before its end `happen()` does something to it. It must go on, and keep what it holds."""
        def happen_and_go_on():
            self._wait_for_acts("it has not begun")
            held = dict(self._held("deaths"))
            happen()
            self._wait_for_acts("it does not go on")
            self._wait(GO_ON_SECONDS)
            if again := [job for job, deaths in self.rows("SELECT id, deaths FROM jobs") if deaths > held.get(job, deaths)]:
                raise Lost(f"the server took over from itself what it had not let go: {again}")
            self.outlived += len(held)
            self._end(how)
        self._live("", seconds, happen_and_go_on)
        self._note_moment()

    def _wait_for_acts(self, complaint):
        """Two: one may have been under way."""
        enough = self.ana.acts + 2
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.ana.acts < enough:
            if time.monotonic() > deadline or self.ana.complaint or self.process.ended.is_set():
                raise self.ana.complaint or Lost(complaint)
            pause(0.05)

    def die_at(self, failpoint, nth, seconds, eager=False):
        """A life that ends itself at the failpoint; False: it was not reached in this time, and the server was killed."""
        self._live(f"{failpoint}=kill@{nth}", seconds, self._note_own_end, eager)
        self._note_moment()
        return self.ended_itself

    def fail_at(self, failpoints, seconds):
        """A life in which steps fail, and which goes on nevertheless."""
        self._live(",".join(f"{name}=error@{nth}" for name, nth in failpoints), seconds, self._note_own_end, eager=True)
        if self.ended_itself:
            raise Lost("the server did not outlive a step that failed")
        self._note_moment()

    def _live(self, failpoints, seconds, end, eager=False):
        self._age()
        self.process.process = self.process.port = None
        self.process.environment["KINORA_FAILPOINTS"] = failpoints
        if not self.ana.headers:
            self.process.setup_token = None  # each start prints another one
        self.process.ended.clear()
        self.was_stopped = False
        life = threading.Thread(target=self.ana.live, args=(eager,), daemon=True)
        life.start()
        self._wait(seconds)
        end()
        life.join()
        if self.ana.complaint:
            raise self.ana.complaint
        self._wait_for_processes()
        self._examine(final=False)

    def _note_own_end(self):
        self.ended_itself = self.process.ended.is_set()
        if self.ended_itself and (code := self.process.process.wait()) != -signal.SIGKILL:
            raise Lost(f"the server ended by itself with code {code}")
        self.process.kill()

    def _wait(self, seconds):
        """Until the life is over; meanwhile, the work of the last server must be taken up."""
        over = time.monotonic() + seconds
        ready = None
        while time.monotonic() < over and not self.process.ended.wait(0.05):
            if self.process.port is None or not self.orphans:
                continue
            ready = ready or time.monotonic()
            self._look_for_orphans(time.monotonic() - ready)

    def _look_for_orphans(self, since_ready):
        self.orphans &= set(self._held("fence"))
        self.slowest_orphan = max(self.slowest_orphan, since_ready)
        if self.orphans and since_ready > ORPHANS_SECONDS:
            raise Lost(f"{ORPHANS_SECONDS} s after the start nobody works on {self.orphans}")

    def _held(self, column):
        return self.rows(f"SELECT id, {column} FROM jobs WHERE state = 'running' AND worker IS NOT NULL")

    def _age(self):
        """As if a day had passed for all that waits to be taken away; the next start sweeps."""
        if not (self.data / "kinora.db").exists():
            return
        left_alone = [canonical(where) for where in self.ana.left_alone]
        with contextlib.suppress(sqlite3.OperationalError):  # no such table yet
            with contextlib.closing(sqlite3.connect(self.data / "kinora.db", isolation_level=None)) as database:
                database.execute("UPDATE videos SET deleted_at = deleted_at - ?", (DAY_US,))
                database.execute("UPDATE blobs SET doomed_at = doomed_at - ?", (DAY_US,))
                database.execute("UPDATE blobs SET created_at = created_at - ? WHERE state = 'staged'", (DAY_US,))
                database.executemany("UPDATE uploads SET expires_at = 0 WHERE id = ?", [(each,) for each in left_alone])
                database.execute("DELETE FROM cron_runs WHERE name = 'media.sweep'")
            self.ana.left_alone.clear()

    def _end(self, how):
        self.was_stopped = how == "stop" and self.process.process is not None and self.process.port is not None
        if self.was_stopped:
            self.process.stop()
            return
        while self.process.process is None:
            pause(0.01)
        for child in self.children() if how == "with its children" else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.kill()

    def children(self):
        return children_of(self.process.process.pid)

    def rows(self, statement):
        with contextlib.closing(sqlite3.connect(f"file:{self.data}/kinora.db?mode=ro", uri=True)) as database:
            return database.execute(statement).fetchall()

    def _note_moment(self):
        """In the middle of which work it was; and a stopped server has given all of it back."""
        with contextlib.suppress(sqlite3.Error):  # killed before there was a table
            running = self.rows("SELECT kind, id, fence FROM jobs WHERE state = 'running' AND worker IS NOT NULL")
            if self.was_stopped and running:
                raise Lost(f"a stopped server still holds {running}")
            self.moments.update([kind for kind, _, _ in running] or ["no job"])
            self.orphans = {(job, fence) for _, job, fence in running}

    def _wait_for_processes(self):
        deadline = time.monotonic() + 5
        while orphans := self._at_work():
            if time.monotonic() > deadline:
                raise Lost(f"processes have outlived the server: {orphans}")
            pause(0.02)

    def _at_work(self):
        found = []
        for link in pathlib.Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                if os.readlink(link).startswith(str(self.process.folder)):  # its scratch folder; ours, before it has entered that
                    found.append(link.parent.name)
        return found

    def _examine(self, final):
        if not (self.data / "kinora.db").exists():
            return
        checked = subprocess.run([self.kinora, "check"], env=self.process.environment, capture_output=True, text=True, timeout=120)
        unfit = "no such table" in checked.stdout  # killed before its first migration was done
        if not unfit and (checked.returncode not in (0, 1) or "WRONG" in checked.stdout or (final and checked.returncode != 0)):
            raise Lost(f"kinora check ended with code {checked.returncode}:\n{checked.stdout}{checked.stderr}")
        if not unfit:
            self._compare()

    def _compare(self):
        kept = {video: (hash_, title) for video, hash_, title in self.rows("SELECT id, content_sha256, title FROM videos WHERE deleted_at IS NULL")}
        for video, wanted in self.ana.hashes.items():
            found = kept.get(canonical(video))
            if found is None or found[0] != wanted:
                raise Lost(f"the acknowledged video {video} is {found or 'gone'} instead of {wanted}")
            if video in self.ana.titles and found[1] != self.ana.titles[video]:
                raise Lost(f"the video {video} is called {found[1]}, and not {self.ana.titles[video]} as acknowledged")
        for video in self.ana.deleted:
            if canonical(video) in kept:
                raise Lost(f"the deleted video {video} is there again")

    def settle(self):
        self._age()
        self.process.environment["KINORA_FAILPOINTS"] = ""
        self.process.start()
        self._wait(ORPHANS_SECONDS if self.orphans else 0)
        self.ana.sign_in()  # an hour may have passed since the last time
        self.ana.finish_uploads()
        deadline = time.monotonic() + SETTLE_SECONDS
        videos = self.ana.videos()
        while any(video["status"] not in ("ready", "failed") for video in videos):
            if time.monotonic() > deadline or self.process.ended.wait(0.5):
                raise Lost(f"not everything settled:\n{json.dumps(videos, indent=1)}")
            videos = self.ana.videos()
        given_up = self._given_up(videos) if self.ana.sends_media else []
        self._wait_for_quiet()
        self.process.stop()
        self.process.start()  # what is left for "the next start" is mended by it
        self.process.stop()
        self._examine(final=True)
        return len(videos), given_up

    def _given_up(self, videos):
        """The stages that were; no other may have failed."""
        failed = [(video["id"], stage) for video in videos for stage in video["stages"] if stage["state"] == "failed"]
        for video, stage in failed:
            if "given up" not in stage["error"]["message"]:
                raise Lost(f"a stage failed: {json.dumps(stage)} of {video}")
        return [stage["name"] for _, stage in failed]

    def _wait_for_quiet(self):
        """Handlers of events go on after the videos have settled."""
        deadline = time.monotonic() + 60
        while self.rows("SELECT 1 FROM jobs WHERE state IN ('queued', 'running', 'retry_wait') "
                        "UNION ALL SELECT 1 FROM outbox_events WHERE published_at IS NULL"):
            if time.monotonic() > deadline or self.process.ended.wait(0.2):
                raise Lost("jobs or events are left over")


def failpoints(kinora, of_backups=False):
    """(name, whether a step can be refused there) of all that a server has, or those of a backup."""
    lines = subprocess.run([kinora, "failpoints"], check=True, capture_output=True, text=True).stdout.splitlines()
    known = [(name, step == "open") for name, step, _ in (line.split("\t") for line in lines)]
    return [each for each in known if each[0].startswith("backup.") == of_backups]


def arguments_of(what):
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--kinora", type=pathlib.Path, required=True, help="the program, build/dev/kinora say")
    parser.add_argument("--seed", type=int, default=None, help="of a run that is to be repeated")
    return parser


def examine(live, arguments, client_kind=Ana):
    """`live(run, arguments, dice)` lives as often as it likes and says how it was; then everything must settle."""
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-kills-"))
    print(f"seed {seed}, in {folder}", flush=True)
    run = Run(arguments.kinora.resolve(), folder, random.Random(seed + 1), client_kind)
    try:
        lived = live(run, arguments, random.Random(seed))
        videos, given_up = run.settle()
    except (Lost, *GONE, sqlite3.Error, subprocess.SubprocessError) as lost:
        run.process.kill()
        sys.exit(f"FAILED, seed {seed}, kept in {folder}: {lost}")
    print(f"in the middle of: {', '.join(f'{kind} {count}' for kind, count in run.moments.most_common())}")
    print(f"{lived}: {videos} videos settled, nothing lost, nothing doubled; the slowest start took up what the one before it "
          f"worked on after {run.slowest_orphan:.1f} s; given up after too many kills: {', '.join(given_up) or 'none'}")
    shutil.rmtree(folder)
