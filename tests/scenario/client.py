"""One HTTP/1.1 request and its answer."""
import http.client
import json
import pathlib
import re
import uuid
from dataclasses import dataclass

TESTS = pathlib.Path(__file__).resolve().parent.parent


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self):
        """None when the body is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def text(self):
        return self.body.decode("utf-8", "replace")


def body_of(step):
    """The bytes of a step's request and the content type they imply."""
    if step.parts:
        return _multipart(step.parts)
    if step.raw is not None:
        return _raw(step.raw), "application/json"
    if step.json is not None:
        return json.dumps(step.json).encode(), "application/json"
    return None, None


def _raw(text):
    if many := re.fullmatch(r"<(\d+) bytes>", text):
        return b"x" * int(many[1])
    if part := re.fullmatch(r"<bytes (\d+)\.\.(\d*) of (\S+)>", text):
        return (TESTS / part[3]).read_bytes()[int(part[1]):int(part[2]) if part[2] else None]
    return text.encode()


def _multipart(parts):
    boundary = uuid.uuid4().hex
    body = b""
    for part in parts:
        content = (TESTS / part.path).read_bytes() if part.path else part.text.encode()
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{part.name}"'
        if part.filename:
            head += f'; filename="{part.filename}"\r\nContent-Type: application/octet-stream'
        body += head.encode() + b"\r\n\r\n" + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def send(host, port, method, target, headers, body):
    connection = http.client.HTTPConnection(host, port, timeout=120)
    try:
        try:
            connection.request(method, target, body=body, headers=headers)
        except (BrokenPipeError, ConnectionResetError):
            pass  # A server may refuse before it has read all of a body; its answer is there to read.
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()
