"""c: a 64 KiB range and a 2 MB segment through a signed link, against nginx from a plain folder; the check of the link."""
import urllib.request

import kinora
import load
import peers
from measure import Bar, Contender, Line, compare

TITLE = "ranges and segments"
GRANTS = 200_000


def run(bench):
    folder = bench.folder("c")
    with kinora.Kinora(bench.program, folder / "kinora") as ours:
        ours.sign_in()
        path = largest_segment(ours, ours.ready_video(kinora.clip(bench.root))["id"])
        content = fetched(ours.url + path)
        (folder / "segment.m4s").write_bytes(content)
        (folder / "segment.m4s").chmod(0o644)
        folder.chmod(0o755)
        with peers.nginx_peer(folder, f"root {folder};") as nginx:
            size = f"{len(content) / 1e6:.1f} MB segment"
            lines = [*compare("c", "64 KiB range", ranges(ours, path), [(ranges(nginx, "/segment.m4s"), Bar(1.4))]),
                     *compare("c", size, whole(ours, path), [(whole(nginx, "/segment.m4s"), Bar(1.4))])]
        return [*lines, wait_for_range(ours, path), link_check(bench, folder)]


def fetched(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def largest_segment(ours, video):
    base = ours.video(video)["poster_url"].rpartition("/")[0]
    variants = [line for line in fetched(f"{ours.url}{base}/master.m3u8").decode().splitlines() if line.endswith("index.m3u8")]
    segments = [f"{base}/{variant.rpartition('/')[0]}/0.m4s" for variant in variants]
    return max(segments, key=lambda segment: len(fetched(ours.url + segment)))


def ranges(server, path):
    return Contender(server.name, server.tree, lambda: load.wrk(server.url + path, ["Range: bytes=0-65535"]).requests)


def whole(server, path):
    return Contender(server.name, server.tree, lambda: load.wrk(server.url + path).requests)


def wait_for_range(ours, path):
    told = load.wrk(ours.url + path, ["Range: bytes=0-65535"], connections=16)
    return Line("c", "64 KiB range, p50 at 16 connections", "-", told.p50_ms, "ms", Bar(1), f"{told.requests / told.seconds:.0f} per second")


def link_check(bench, folder):
    with bench.native(folder) as driver:
        return Line("c", "check of a signed link", "-", float(driver.order("grants", GRANTS)), "µs", Bar(3))
