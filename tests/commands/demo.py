#!/usr/bin/env python3
"""`kinora demo` beside a server, as somebody sees it who has just built kinora.

    python3 tests/commands/demo.py --kinora build/dev/kinora
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scenario"))
import client  # noqa: E402
import server  # noqa: E402

TIME_LIMIT = 300  # seconds
ANA = {"email": "ana@example.test", "password": "correct horse battery", "name": "Ana"}


class Demo(unittest.TestCase):
    kinora = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="kinora-demo-")
        cls.server = server.Server(cls.kinora, pathlib.Path(cls.folder.name), {})

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()
        cls.folder.cleanup()

    def demo(self):
        done = subprocess.run([self.kinora, "demo"], env=self.server.environment, capture_output=True, text=True, timeout=TIME_LIMIT)
        return done.returncode, done.stdout + done.stderr

    def ask(self, method, path, content=None, token=""):
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        body = None if content is None else json.dumps(content).encode()
        return client.send(self.server.host, self.server.port, method, path, headers, body).json()

    def test_1_needs_a_server(self):
        code, said = self.demo()

        self.assertEqual(code, 1)
        self.assertIn("kinora serve", said)

    def test_2_asks_for_the_first_account(self):
        self.server.start()

        code, said = self.demo()

        self.assertEqual(code, 1)
        self.assertRegex(said, r"http://\S+/setup\?token=\S+")

    def test_3_shows_all_that_comes_out_and_leaves_the_video_alone(self):
        link = re.search(r"token=(\S+)", self.demo()[1])[1]
        token = self.ask("POST", "/api/v1/setup", {"token": link, **ANA})["access_token"]

        code, said = self.demo()

        self.assertEqual(code, 0, said)
        self.assertIn("CC BY-SA 3.0", said)
        for name in ("sent", "playable", "words", "summary", "found", "answered", "refused"):
            self.assertRegex(said, rf"(?m)^ +\d+\.\d s  {name} ")
        self.assertRegex(said, r"\[1\] 0:\d\d to 0:\d\d,\s+http://\S+/watch/vid_\w+\?t=")
        for noun in ("api-keys", "chats"):
            self.assertEqual(self.ask("GET", f"/api/v1/{noun}", token=token)["data"], [], noun)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinora", type=pathlib.Path, required=True)
    Demo.kinora = parser.parse_args().kinora.resolve()
    unittest.main(argv=sys.argv[:1])
