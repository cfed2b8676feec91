#!/usr/bin/env python3
"""Sends a server of its own what schemathesis makes of our OpenAPI document: valid and invalid requests, and chains of them.

    tests/openapi/run.py --kinora build/dev/kinora --path FOLDER:FOLDER [--examples 1000] [--seed 7]

Nothing may be answered by 5xx, nor otherwise than declared (status, content type, schema); what breaks the schema must be
refused, and what keeps to it taken. schemathesis.toml lists what a schema cannot say. The same seed sends the same requests;
KINORA_OPENAPI_EXAMPLES is the number of them for each route and phase.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "scenario"))
import client  # noqa: E402
import server  # noqa: E402

UNCOUNTED = {f"RATE_LIMIT_{name}": "off" for name in ("LOGIN", "SIGNUP", "DEFAULT", "UPLOAD", "CHAT", "SUMMARIZE", "MEDIA")}
READY_SECONDS = 120
SCOPES = ["read", "write", "chat", "edit", "admin"]


def send(process, method, target, body=None, token=None, content_type="application/json"):
    headers = {"Content-Type": content_type, **({"Authorization": f"Bearer {token}"} if token else {})}
    answer = client.send(process.host, process.port, method, f"/api/v1{target}", headers, body)
    if answer.status not in (200, 201):
        sys.exit(f"{method} {target} answered {answer.status}: {answer.text()}")
    return answer.json()


def made(process, target, fields, token=None):
    return send(process, "POST", target, json.dumps(fields).encode(), token)


def key_of_an_admin(process):
    """A session would not outlast its own routes; of a key only its removal must be left out."""
    person = {"email": "root@example.test", "password": "correct horse battery", "name": "Root"}
    admin = made(process, "/setup", {**person, "token": process.setup_token})["access_token"]
    return made(process, "/api-keys", {"name": "all", "scopes": SCOPES}, admin)


def upload_a_video(process, key):
    """One that is ready, so that what is told of videos is asked for where there is something to tell."""
    clip = (HERE.parent / "media/short.mp4").read_bytes()
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n' + clip + b"\r\n--x--\r\n"
    video = send(process, "POST", "/videos/upload", form, key, "multipart/form-data; boundary=x")["video"]
    deadline = time.monotonic() + READY_SECONDS
    while video["status"] not in ("ready", "failed"):
        if process.ended.wait(0.5) or time.monotonic() > deadline:
            sys.exit(f"the video is still {video['status']}")
        video = send(process, "GET", f"/videos/{video['id']}", token=key)


def send_all(process, path, examples, seed):
    """Yields the exit code of schemathesis."""
    key = key_of_an_admin(process)
    upload_a_video(process, key["secret"])
    environment = {**os.environ, "PYTHONPATH": f"{path}:{HERE}", "KINORA_OWN_KEY": key["api_key"]["id"], "COLUMNS": "160"}
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", HERE / "schemathesis.toml", "run", "--seed", str(seed),
               "--max-examples", str(examples), "--header", f"Authorization: Bearer {key['secret']}",
               f"http://{process.host}:{process.port}/api/v1/openapi.json"]
    return subprocess.run(command, cwd=process.folder, env=environment).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinora", type=pathlib.Path, required=True, help="the program, build/dev/kinora say")
    parser.add_argument("--path", required=True, help="where Python finds schemathesis and what it needs")
    parser.add_argument("--examples", type=int, default=int(os.environ.get("KINORA_OPENAPI_EXAMPLES", "3")))
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kinora-openapi-"))
    process = server.Server(wanted.kinora.resolve(), folder, {**UNCOUNTED, "REGISTRATION": "open", "KINORA_MODELS": str(folder)})
    try:
        process.start()
        code = send_all(process, wanted.path, wanted.examples, wanted.seed)
        process.stop()
    finally:
        process.kill()
    if code:
        print(f"kept: the server's log {process.log_path}")
        return code
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
