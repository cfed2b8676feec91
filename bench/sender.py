"""Sends large bodies from the load core: a head, a beginning, then the same megabyte again and again."""
import socket

from places import LOAD_CORE, Problem, on_core

PIECE = bytes(1 << 20)


def send(port, head, beginning, size_bytes, end):
    """A request whose body is `beginning`, then `size_bytes` of zeros, then `end`; yields the answer's head."""
    with socket.create_connection(("127.0.0.1", port), 300) as connection:
        connection.sendall(head + beginning)
        left = size_bytes
        while left > 0:
            connection.sendall(PIECE[:left])
            left -= min(left, len(PIECE))
        connection.sendall(end)
        return connection.recv(65536)


def request(method, path, size_bytes, headers=()):
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {size_bytes}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def sent(port, head, beginning=b"", size_bytes=0, end=b""):
    """The same in the load core. Errors: Problem when the answer is not a success."""
    with on_core(LOAD_CORE):
        answer = send(port, head, beginning, size_bytes, end)
    if not answer.startswith((b"HTTP/1.1 20",)):
        raise Problem(f"an upload was answered {answer[:300]!r}")
    return answer
