"""The whole runner against a small server in Python that behaves as `kinora serve` does at its edges."""
import contextlib
import io
import pathlib
import stat
import sys
import tempfile
import unittest
from unittest import mock

import run

SERVER = """#!{python}
import http.server, json, os, signal, sys, threading
tries = 0
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        global tries
        tries += 1
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        out = json.dumps({{"tries": tries, "path": self.path, "auth": self.headers.get("Authorization"), "size": len(body)}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)
    do_GET = do_POST = answer
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
print(f"http://127.0.0.1:{{server.server_port}}/setup?token=secret-1", flush=True)
server.serve_forever()
sys.exit(int(os.environ.get("EXIT_CODE", "0")))
"""


class Running(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.kinora = pathlib.Path(self.folder.name) / "kinora"
        self.kinora.write_text(SERVER.format(python=sys.executable))
        self.kinora.chmod(self.kinora.stat().st_mode | stat.S_IXUSR)

    def play(self, *texts):
        paths = []
        for number, text in enumerate(texts):
            path = pathlib.Path(self.folder.name) / f"file{number}.scenario"
            path.write_text(text)
            paths.append(str(path))
        words = ["run.py", "--kinora", str(self.kinora), "--keep-logs", "no", "--jobs", "2", *paths]
        said = io.StringIO()
        with mock.patch.object(sys, "argv", words), contextlib.redirect_stdout(said):
            code = run.main()
        return code, said.getvalue()

    def test_passes_and_says_so(self):
        code, said = self.play('## a\nGET /x/{setup_token}\n--> 200\n{"path": "/x/secret-1"}\n')

        self.assertEqual(code, 0, said)
        self.assertRegex(said, r"^ok   file0 \(\d+\.\d s\)\n1 passed, 0 failed\n$")

    def test_shows_request_answer_and_expectation_of_a_failure(self):
        code, said = self.play('## a\nPOST /x\n{"q": 1}\n--> 200\n{"path": "/y"}\n', "## b\nGET /x\n--> 200\n")

        self.assertEqual(code, 1)
        self.assertIn('/path: expected "/y", found "/x"', said)
        self.assertIn("POST /x", said)
        self.assertTrue(said.endswith("1 passed, 1 failed\n"), said)

    def test_waits_until_the_answer_fits(self):
        code, said = self.play('## a\nGET /x until 30 s\n--> 200\n{"tries": "<number 3..>"}\n')

        self.assertEqual(code, 0, said)

    def test_gives_up_at_once_when_waiting_is_hopeless(self):
        code, said = self.play('## a\nGET /x until 600 s\n--> 200\n{"tries": 0}\ngive up when {"tries": "<number 2..>"}\n')

        self.assertEqual(code, 1, said)

    def test_carries_captures_and_standing_headers(self):
        code, said = self.play('## a\nGET /one\n--> 200\ncapture p = /path ~ /(\\w+)\nalways Authorization: Bearer {p}\n'
                               '## b\nGET /{p}\n--> 200\n{"auth": "Bearer one"}\n'
                               '## c\nGET /{p}\nwithout Authorization\n--> 200\n{"auth": null}\n')

        self.assertEqual(code, 0, said)

    def test_sends_files_and_many_bytes(self):
        code, said = self.play('## a\nPOST /up\nfile f = media/short.mp4\n--> 200\n{"size": "<number 398006..399000>"}\n'
                               '## b\nPOST /up\nraw <70000 bytes>\n--> 200\n{"size": 70000}\n')

        self.assertEqual(code, 0, said)

    def test_restarts_the_server(self):
        code, said = self.play('## a\nGET /x\n--> 200\n{"tries": 1}\n## b\nRESTART\n## c\nGET /x\n--> 200\n{"tries": 1}\n')

        self.assertEqual(code, 0, said)

    def test_fails_when_the_server_does_not_end_well(self):
        code, said = self.play("server EXIT_CODE=3\n## a\nGET /x\n--> 200\n")

        self.assertEqual(code, 1)
        self.assertIn("ended with code 3 after SIGTERM", said)


if __name__ == "__main__":
    unittest.main()
