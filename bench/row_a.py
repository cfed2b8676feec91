"""a: GET one video by its key, with token, limit, count and rows; /healthz; the latency at half load."""
import sqlite3

import kinora
import load
import peers
from measure import Bar, Contender, Line, compare

TITLE = "one video by key"


def run(bench):
    folder = bench.folder("a")
    with kinora.Kinora(bench.program, folder / "kinora") as ours:
        ours.sign_in()
        video = ours.ready_video(kinora.clip(bench.root))["id"]
        copy_database(ours.data / "kinora.db", folder / "peers.db")
        return [*against_frameworks(ours, video, folder), *against_nginx(ours, folder), half_load(ours, video)]


def copy_database(source, target):
    with sqlite3.connect(source) as living, sqlite3.connect(target) as copy:
        living.backup(copy)


def asking(server, path, headers=()):
    return Contender(server.name, server.tree, lambda: load.wrk(server.url + path, headers).requests)


def against_frameworks(ours, video, folder):
    environment = {"JWT_SECRET": kinora.JWT_SECRET, "DATABASE": str(folder / "peers.db")}
    path, headers = f"/api/v1/videos/{video}", ours.credentials()
    with (peers.node_peer("Fastify 5", "fastify.mjs", folder, environment) as fastify,
          peers.node_peer("NestJS", "nest.mjs", folder, environment) as nest,
          peers.fastapi_peer(folder, environment) as fastapi):
        bars = [(fastify, Bar(0.6)), (nest, Bar(0.2)), (fastapi, Bar(0.12))]
        return compare("a", "GET one video", asking(ours, path, headers), [(asking(peer, path, headers), bar) for peer, bar in bars])


def against_nginx(ours, folder):
    with peers.nginx_peer(folder, 'location / { return 200 "ok"; }') as nginx:
        return compare("a", "GET /healthz", asking(ours, "/healthz"), [(asking(nginx, "/"), Bar(1.5))])


def half_load(ours, video):
    url, headers = f"{ours.url}/api/v1/videos/{video}", ours.credentials()
    full = load.wrk(url, headers)
    half = load.at_half_load(url, headers, full.requests / full.seconds)
    told = f"{half.requests / half.seconds:.0f} of {full.requests / full.seconds:.0f} requests per second"
    return Line("a", "GET one video, p99 at half load", "-", half.p99_ms, "ms", Bar(2), told)
