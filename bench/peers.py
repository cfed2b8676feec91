"""The peers: each is started on the servers' core and ended by whoever started it."""
import os
import pathlib
import shutil
import socket
import subprocess
import time

import install
from measure import Contender, Ended, Tree
from places import PEERS, SERVER_CORE, Problem, free_port, on_core

START_SECONDS = 30


class Peer:
    """with Peer(...) as peer: peer.url, peer.tree"""

    def __init__(self, name, command, folder, environment=(), port=None):
        self.name = name
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = command
        self._log = folder / f"{name.replace('/', '-')}.log"
        self._environment = {**os.environ, **dict(environment), "PORT": str(self.port)}

    def __enter__(self):
        with on_core(SERVER_CORE), open(self._log, "wb") as log:
            self._process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log, cwd=self._log.parent)
        self.tree = Tree(self._process.pid)
        try:
            self._wait()
        except Problem:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait(self):
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                return socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
        raise Problem(f"the peer {self.name} did not start: {self._log.read_text(errors='replace')[-1500:]}")


def node_room(folder):
    """A folder with the peers' programs and their packages: Node looks for packages beside the program."""
    room = folder / "node"
    if not room.exists():
        room.mkdir()
        for program in [*PEERS.glob("*.mjs"), PEERS / "video.json"]:
            shutil.copy(program, room)
        (room / "node_modules").symlink_to(install.folder_of(install.NPM_LOCK) / "node_modules")
    return room


def node_command(program, folder):
    return [install.node() / "bin/node", node_room(folder) / program]


def node_peer(name, program, folder, environment=()):
    return Peer(name, node_command(program, folder), folder, {"NODE_ENV": "production", **dict(environment)})


def programs(name, folder, commands):
    """A peer that is no server: programs that end, one after the other."""
    def work():
        with on_core(SERVER_CORE):
            for command in commands:
                done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
                if done.returncode:
                    raise Problem(f"{command[0]} of {name} failed: {done.stderr[-500:]}")
        return 1
    return Contender(name, Ended(), work)


def python_path():
    return {"PYTHONPATH": str(install.folder_of(install.PIP_LOCK)), "PYTHONDONTWRITEBYTECODE": "1"}


def hybrid_command(folder):
    return ["/usr/bin/env", "python3", PEERS / "hybrid.py", folder]


def fastapi_peer(folder, environment):
    port = free_port()
    command = ["/usr/bin/env", "python3", "-m", "uvicorn", "fastapi_peer:app", "--port", str(port), "--loop", "uvloop", "--http", "httptools",
               "--no-access-log", "--log-level", "warning", "--app-dir", str(PEERS)]
    return Peer("FastAPI", command, folder, {**dict(environment), **python_path()}, port)


NGINX = """
worker_processes 1;
daemon off;
error_log {folder}/nginx-error.log error;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  open_file_cache max=100;
  types {{ video/mp4 mp4 m4s; }}
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  server {{
    listen 127.0.0.1:{port};
    {places}
  }}
}}
"""


def nginx_peer(folder, places):
    """`places`: its location blocks."""
    room = pathlib.Path(folder) / "nginx"
    room.mkdir(exist_ok=True)
    os.chmod(room, 0o777)  # started by root, its worker is another user
    port = free_port()
    config = room / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""
    config.write_text(user + NGINX.format(folder=room, port=port, places=places))
    return Peer("nginx", [shutil.which("nginx") or "/usr/sbin/nginx", "-p", room, "-c", config], room, {}, port)
