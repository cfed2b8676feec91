#!/usr/bin/env python3
"""Watches a server by server-sent events, as browsers do: what they are told, what they miss, and what happens to slow ones.

    tests/faults/watchers.py --kinora build/dev/kinora [names of tests]
"""
import collections
import hashlib
import json
import os
import pathlib
import shutil
import socket
import sys
import tempfile
import threading
import time
import unittest

import cases

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "scenario"))
import client  # noqa: E402
import server  # noqa: E402

PATIENCE_SECONDS = 30
Event = collections.namedtuple("Event", "id type data")


class Stream:
    """One open stream; `next()` gives its events, None once the server has ended it."""

    def __init__(self, port, target, token, last_id=None, receive_bytes=None):
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.settimeout(PATIENCE_SECONDS)
        self.socket.connect(("127.0.0.1", port))
        last = f"Last-Event-ID: {last_id}\r\n" if last_id is not None else ""
        self.socket.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{last}\r\n".encode())
        self.arrived = b""
        self.last_id = last_id
        self.head = None

    def open(self):
        """Waits until the stream stands at its place: what happens from now on is told."""
        self.head = self._until(b"\r\n\r\n").decode()
        while self.last_id is None:
            self._frame()
        return self

    def _until(self, mark):
        while mark not in self.arrived:
            piece = self.socket.recv(65536)
            if not piece:
                return None
            self.arrived += piece
        found, self.arrived = self.arrived.split(mark, 1)
        return found

    def _frame(self):
        frame = self._until(b"\n\n")
        if frame is None:
            return None
        fields = collections.defaultdict(str)
        for line in frame.decode().split("\n"):
            name, _, value = line.partition(": ")
            fields[name] += value
        self.last_id = fields["id"] or self.last_id
        return Event(int(fields["id"]) if fields["id"] else None, fields["event"],
                     json.loads(fields["data"]) if fields["data"] else None)

    def next(self, type_=None):
        """The next event, or the next of this type."""
        if self.head is None:
            self.head = self._until(b"\r\n\r\n").decode()
        while (event := self._frame()) is not None:
            if event.type and (type_ is None or event.type == type_):
                return event
        return None

    def logged(self, count):
        """So many events of the log, which have ids."""
        found = []
        while len(found) < count:
            event = self.next()
            if event is None:
                break
            if event.id is not None:
                found.append(event)
        return found

    def close(self):
        self.socket.close()


class Watching(unittest.TestCase):
    kinora = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-watchers-"))
        limits = {f"RATE_LIMIT_{kind}": "off" for kind in ("LOGIN", "SIGNUP", "UPLOAD", "DEFAULT")}
        cls.process = server.Server(cls.kinora, cls.folder, limits)
        cls.process.start()
        person = {"email": "ana@example.test", "password": "correct horse battery", "name": "Ana"}
        cls.ana = cls.send("POST", "/setup", {**person, "token": cls.process.setup_token}).json()["access_token"]
        cls.ben = cls.send("POST", "/auth/signup", {**person, "email": "ben@example.test"}).json()["access_token"]

    @classmethod
    def tearDownClass(cls):
        cls.process.stop()
        shutil.rmtree(cls.folder)

    @classmethod
    def send(cls, method, target, value=None, token=None):
        headers = {"Content-Type": "application/json"} if value is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        body = json.dumps(value).encode() if value is not None else None
        return client.send(cls.process.host, cls.process.port, method, f"/api/v1{target}", headers, body)

    def tus(self, method, target, headers, body=None):
        headers = {**headers, "Authorization": f"Bearer {self.ana}", "Tus-Resumable": "1.0.0"}
        if body:
            headers["Content-Type"] = "application/offset+octet-stream"
        return client.send(self.process.host, self.process.port, method, target, headers, body)

    @classmethod
    def upload(cls, token, content=b"ID3 and no sound"):
        boundary = "kinora-watchers"
        body = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'.encode() + content
                + f"\r\n--{boundary}--\r\n".encode())
        headers = {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
        answer = client.send(cls.process.host, cls.process.port, "POST", "/api/v1/videos/upload", headers, body)
        return answer.json()["video"]["id"], answer.json()["job"]["id"]

    def name(self, video, title, token=None, **more):
        answer = self.send("PATCH", f"/videos/{video}", {"title": title, **more}, token or self.ana)
        self.assertEqual(answer.status, 200)

    def watch(self, target, token=None, **more):
        stream = Stream(self.process.port, f"/api/v1{target}", token or self.ana, **more)
        self.addCleanup(stream.close)
        return stream

    def settled(self, token=None):
        """A video with which nothing happens any more by itself."""
        stream = self.watch("/events", token).open()
        video, _ = self.upload(token or self.ana)
        while stream.next("video.failed").data["data"]["id"] != video:
            continue
        return video

    def test_an_upload_is_told_until_it_is_ready(self):
        stream = self.watch("/events").open()
        video, job = self.upload(self.ana, (TESTS / "media/short.mp4").read_bytes())
        seen = []
        while not seen or seen[-1].type not in ("video.ready", "video.failed"):
            seen.append(stream.next())
        self.assertIn("text/event-stream", stream.head)
        self.assertIn("X-Accel-Buffering: no", stream.head)
        logged = [event for event in seen if event.id is not None]
        told = [(event.type, event.data["data"].get("video_id") or event.data["data"]["id"]) for event in logged]
        self.assertEqual(told[0], ("video.created", video))
        self.assertEqual(told[-1], ("video.ready", video))
        self.assertEqual(sorted(told[1:-1]), [(f"{what}.updated", video) for what in ("chapters", "summary", "transcript")])
        made = {event.type: event.data["data"] for event in logged}
        self.assertIn("Asterisk", made["transcript.updated"]["transcript_text"])
        self.assertEqual([segment["words"] for segment in made["transcript.updated"]["segments"]][0], [])
        self.assertEqual(made["chapters.updated"]["chapters"][0]["start"], 0)
        self.assertIn("Asterisk", made["summary.updated"]["summary_text"])
        self.assertEqual(seen[-1].data["data"]["status"], "ready")
        self.assertRegex(seen[-1].data["id"], "^evt_")
        live = [event for event in seen if event.id is None]
        self.assertEqual({event.type for event in live}, {"job.updated", "video.updated"})
        running = {event.data["data"]["kind"] for event in live if event.data["data"].get("state") == "running"}
        self.assertLessEqual({"media.probe", "media.first_rung", "ai.transcribe"}, running)
        self.assertTrue(any(0 < event.data["data"]["progress"] < 100 for event in live if event.type == "job.updated"))

    def test_what_was_missed_is_told_once_and_in_order_also_after_a_restart(self):
        video = self.settled()
        stream = self.watch("/events").open()
        self.name(video, "seen")
        stood_at = stream.logged(1)[0].id
        stream.close()
        for title in ("one", "two", "three"):
            self.name(video, title)
        self.process.stop()
        self.process.start()
        stream = self.watch("/events", last_id=stood_at)
        self.name(video, "four")
        events = stream.logged(4)
        self.assertEqual([event.id for event in events], list(range(stood_at + 1, stood_at + 5)))
        again = self.watch(f"/events?last_event_id={stood_at}").logged(4)
        self.assertEqual([event.id for event in again], [event.id for event in events])

    def test_a_place_that_is_not_kept_is_answered_by_a_reset(self):
        stream = self.watch("/events", last_id=10**9)
        event = stream.next()
        self.assertEqual((event.type, event.data), ("reset", {}))
        self.assertLess(event.id, 10**9)
        video = self.settled()
        self.assertIn(video, [event.data["data"]["id"] for event in stream.logged(2)])

    def test_nobody_hears_of_what_is_anothers(self):
        stream = self.watch("/events", self.ben).open()
        self.settled()
        video = self.settled(self.ben)
        self.assertEqual({event.data["data"]["id"] for event in stream.logged(2)}, {video})

    def test_foreign_and_unknown_things_have_no_streams(self):
        video, job = self.upload(self.ana)
        for target in (f"/videos/{video}/events", f"/jobs/{job}/events", f"/events?video_id={video}"):
            answer = self.send("GET", target, token=self.ben)
            self.assertEqual(answer.status, 404, target)
        self.assertEqual(self.send("GET", "/events").status, 401)

    def test_a_wrong_place_is_refused(self):
        headers = {"Authorization": f"Bearer {self.ana}", "Last-Event-ID": "yesterday"}
        answer = client.send(self.process.host, self.process.port, "GET", "/api/v1/events", headers, None)
        self.assertEqual(answer.status, 400)

    def test_only_the_wanted_types_are_told(self):
        stream = self.watch("/events?types=video.failed,video.deleted").open()
        video = self.settled()
        self.send("DELETE", f"/videos/{video}", token=self.ana)
        events = [stream.next(), stream.next()]
        self.assertEqual([event.type for event in events], ["video.failed", "video.deleted"])
        self.assertEqual(events[1].data["data"], {"id": video})

    def test_questions_and_answers_are_told_to_who_asked(self):
        bens = self.watch("/events", self.ben).open()
        stream = self.watch("/events?types=chat.message").open()
        chat = self.send("POST", "/chats", {}, self.ana).json()["id"]
        asked = self.send("POST", f"/chats/{chat}/messages", {"content": "What was said?"}, self.ana).json()
        told = [event.data["data"] for event in stream.logged(2)]
        self.assertEqual([message["id"] for message in told], [asked["message"]["id"], asked["reply"]["id"]])
        self.assertEqual(told[1]["status"], "complete")
        video = self.settled(self.ben)
        self.assertEqual({event.data["data"]["id"] for event in bens.logged(2)}, {video})

    def test_an_upload_in_pieces_is_told_as_it_comes(self):
        bens, stream = self.watch("/events", self.ben).open(), self.watch("/events?types=upload.progress").open()
        address = self.tus("POST", "/files", {"Upload-Length": "3000000"}).headers["location"]
        for offset in (0, 1000000, 2000000):
            self.tus("PATCH", address, {"Upload-Offset": str(offset)}, bytes(1000000))
        told = [stream.next() for _ in range(3)]
        self.assertEqual({event.id for event in told}, {None})
        told = [event.data["data"] for event in told]
        self.assertEqual([upload["offset"] for upload in told], [1000000, 2000000, 3000000])
        self.assertEqual([upload["status"] for upload in told], ["open", "open", "complete"])
        self.assertEqual([upload["sha256"] for upload in told], [None, None, hashlib.sha256(bytes(3000000)).hexdigest()])
        self.assertEqual(told[0]["length"], 3000000)
        self.settled(self.ben)
        told_to_ben = [bens.next().type]
        while told_to_ben[-1] != "video.failed":
            told_to_ben.append(bens.next().type)
        self.assertNotIn("upload.progress", told_to_ben)

    def test_only_the_wanted_video_is_told(self):
        video, other = self.settled(), self.settled()
        stream = self.watch(f"/events?video_id={video}").open()
        self.name(other, "not this")
        self.name(video, "this")
        self.assertEqual([event.data["data"]["id"] for event in stream.logged(1)], [video])

    def test_a_job_is_told_as_it_is_and_to_its_end(self):
        video, job = self.upload(self.ana)
        stream = self.watch(f"/jobs/{job}/events")
        states = [stream.next("job.updated").data["data"]["state"]]
        while states[-1] == "running":
            states.append(stream.next("job.updated").data["data"]["state"])
        self.assertEqual(states[-1], "failed")
        self.assertEqual(self.watch(f"/jobs/{job}/events").next().data["data"]["state"], "failed")

    def test_a_public_video_is_told_until_it_is_hidden(self):
        video = self.settled()
        owners = self.watch("/events").open()
        self.name(video, "for all", visibility="public")
        owners.logged(1)
        stream = self.watch(f"/videos/{video}/events", self.ben).open()
        self.assertEqual(stream.next().data["data"]["title"], "for all")
        self.name(video, "still for all")
        self.assertEqual(stream.logged(1)[0].data["data"]["title"], "still for all")
        self.name(video, "for me", visibility="private")
        self.assertIsNone(stream.next())

    def test_the_end_of_a_session_ends_its_streams(self):
        person = {"email": "ben@example.test", "password": "correct horse battery"}
        token = self.send("POST", "/auth/login", person).json()["access_token"]
        stream = self.watch("/events", token).open()
        self.send("POST", "/auth/logout", token=token)
        ended_from = time.monotonic()
        self.assertIsNone(stream.next())
        self.assertLess(time.monotonic() - ended_from, 6)

    def test_readers_that_stall_cost_little_and_are_dropped(self):
        video = self.settled()
        descriptors, memory = self._descriptors(), self._memory()
        for _ in range(50):
            self.watch("/events", receive_bytes=4096)
        healthy = self.watch("/events").open()
        heard = []
        reading = threading.Thread(target=lambda: heard.extend(healthy.logged(60)))
        reading.start()
        for number in range(60):
            self.name(video, f"change {number}", description="x" * 5000)
        reading.join()
        self.assertEqual([event.id for event in heard], list(range(heard[0].id, heard[0].id + 60)))
        grown = self._memory() - memory
        self.assertLess(grown, 50 * 64 * 1024 + 4 * 2**20, "bytes of memory for 50 stalled readers")
        deadline = time.monotonic() + 45
        while self._descriptors() > descriptors + 5 and time.monotonic() < deadline:
            threading.Event().wait(0.5)
        self.assertLessEqual(self._descriptors(), descriptors + 5, "stalled readers are still held")
        self.name(video, "and the healthy one goes on")
        self.assertEqual(healthy.logged(1)[0].data["data"]["title"], "and the healthy one goes on")

    def _descriptors(self):
        return len(os.listdir(f"/proc/{self.process.process.pid}/fd"))

    def _memory(self):
        with open(f"/proc/{self.process.process.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


if __name__ == "__main__":
    cases.run(__doc__, Watching)
