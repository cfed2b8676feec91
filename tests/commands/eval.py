#!/usr/bin/env python3
"""`kinora eval` beside a running server: a talk is uploaded, and its questions are asked over HTTP.

    python3 tests/commands/eval.py --kinora build/dev/kinora          half a minute of speech, four questions
    python3 tests/commands/eval.py --kinora build/dev/kinora --tour   five minutes of sixteen subjects, all their questions
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "scenario"))
import client  # noqa: E402
import server  # noqa: E402

READY_SECONDS = 900
EVAL_SECONDS = 300
ANA = {"email": "ana@example.test", "password": "correct horse battery", "name": "Ana"}
UNCOUNTED = {f"RATE_LIMIT_{kind}": "off" for kind in ("DEFAULT", "UPLOAD", "CHAT", "LOGIN")}
SHORT_QUESTIONS = [
    {"question": "Which sample sounds and configuration files are installed?", "video": "short", "start": 0, "end": 31},
    {"question": "How do I navigate the demonstration?", "video": "short", "start": 0, "end": 31},
    {"question": "How deep is the Pacific Ocean?"},
    {"question": "Who wrote the opera about Figaro?"},
]


class Library(unittest.TestCase):
    """A server of one's own, and what is asked of it."""
    kinora = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="kinora-eval-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.server = server.Server(self.kinora, self.folder, UNCOUNTED)
        self.server.start()
        self.addCleanup(self.server.kill)
        made = self.ask("POST", "/api/v1/setup", json.dumps({**ANA, "token": self.server.setup_token}).encode(), "application/json")
        self.token = made["access_token"]

    def ask(self, method, path, body=None, content_type=None):
        headers = {"Authorization": f"Bearer {self.token}"} if hasattr(self, "token") else {}
        headers |= {"Content-Type": content_type} if body else {}
        return client.send(self.server.host, self.server.port, method, path, headers, body).json()

    def upload(self, file):
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'.encode()
        form = head + file.read_bytes() + b"\r\n--x--\r\n"
        video = self.ask("POST", "/api/v1/videos/upload", form, "multipart/form-data; boundary=x")["video"]["id"]
        deadline = time.monotonic() + READY_SECONDS
        while (status := self.ask("GET", f"/api/v1/videos/{video}")["status"]) != "ready":
            self.assertNotEqual(status, "failed")
            self.assertLess(time.monotonic(), deadline)
            self.server.ended.wait(0.2)

    def evaluate(self, questions, **least):
        limits = [word for name, share in least.items() for word in (f"--{name}", str(share))]
        address = f"http://{self.server.host}:{self.server.port}"
        done = subprocess.run([self.kinora, "eval", questions, "--server", address, *limits], capture_output=True, text=True,
                              timeout=EVAL_SECONDS, env={**self.server.environment, "KINORA_TOKEN": self.token})
        return done.returncode, done.stdout + done.stderr


class Eval(Library):
    def test_measures_a_library_of_ones_own(self):
        self.upload(TESTS / "media/short.mp4")
        questions = self.folder / "questions.jsonl"
        questions.write_text("".join(json.dumps(question) + "\n" for question in SHORT_QUESTIONS))

        code, said = self.evaluate(questions, top1=1, cited=1, answered=1, refused=1, verbatim=1)

        self.assertEqual(code, 0, said)
        self.assertRegex(said, r"(?m)^right passage first +2 of 2 +100 %  wanted 100 %$")
        self.assertRegex(said, r"(?m)^refused, as it should be +2 of 2 ")
        self.assertEqual(self.ask("GET", "/api/v1/chats")["data"], [], "it clears its questions away")

        questions.write_text(json.dumps({**SHORT_QUESTIONS[0], "start": 1000, "end": 1001}) + "\n")
        code, said = self.evaluate(questions, top3=1)
        self.assertEqual(code, 1, "less than was wanted is a failure")
        self.assertIn("SHORT", said)


class Tour(Library):
    def test_is_heard_found_and_answered_from_the_upload_on(self):
        self.upload(TESTS / "media/tour/tour.m4a")

        code, said = self.evaluate(TESTS / "media/tour/questions.jsonl", top3=14 / 16, cited=1, answered=1, refused=1, verbatim=1)

        print(said)
        self.assertEqual(code, 0, said)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinora", type=pathlib.Path, required=True)
    parser.add_argument("--tour", action="store_true")
    arguments = parser.parse_args()
    Library.kinora = arguments.kinora.resolve()
    unittest.main(argv=[sys.argv[0], "Tour" if arguments.tour else "Eval"])


if __name__ == "__main__":
    main()
