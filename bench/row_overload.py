"""overload: what becomes of one, two and three times as many requests as the server can answer."""
import time

import kinora
from crowd import Crowd
from measure import Bar, Line
from places import Problem

TITLE = "more requests than can be answered"
SECONDS = 20
PAGE = 100


def run(bench):
    with kinora.Kinora(bench.program, bench.folder("overload") / "kinora", LOG_LEVEL="error") as ours:
        ours.sign_in()
        video = ours.ready_video(kinora.clip(bench.root))["id"]
        lines = under_load(bench, ours, "one video", f"/api/v1/videos/{video}")
        for failing in [ours.upload(b"ID3 and no sound") for _ in range(PAGE)]:
            wait_until_failed(ours, failing)
        return [*lines, *under_load(bench, ours, f"a page of {PAGE}", f"/api/v1/videos?limit={PAGE}")]


def wait_until_failed(ours, video):
    until = time.monotonic() + kinora.READY_SECONDS
    while ours.video(video)["status"] != "failed":
        if time.monotonic() > until:
            raise Problem(f"what is no video has not failed within {kinora.READY_SECONDS} s")
        time.sleep(0.1)


def under_load(bench, ours, work, path):
    head = "".join(f"{line}\r\n" for line in [f"GET {path} HTTP/1.1", "Host: localhost", *ours.credentials()])
    crowd = Crowd(bench.program.parent / "bench/bench_crowd", ours.port, f"{head}\r\n")
    peak = crowd.peak(SECONDS // 6)
    calm = crowd.offer(peak / 10, SECONDS // 6)
    offered = {times: crowd.offer(times * peak, SECONDS) for times in (1, 2, 3)}
    after = crowd.offer(peak / 2, SECONDS // 6)
    shares = {times: tally.good / SECONDS / peak for times, tally in offered.items()}
    most = offered[3]
    lost = f"{most.late} late, {most.broken} broken, {most.without_retry_after} without Retry-After, sent up to {most.sent_late_ms:.0f} ms late"
    return [Line("overload", f"{work}: answered of the peak, three times as much asked", "-", shares[3], "x", Bar(0.9, at_least=True),
                 f"peak {peak:.0f} per second; {shares[1]:.2f} at once as much, {shares[2]:.2f} at twice"),
            Line("overload", f"{work}: p99 of the answers then", "calm", most.good_p99_ms / calm.good_p99_ms, "x", Bar(2),
                 f"{most.good_p99_ms:.1f} against {calm.good_p99_ms:.1f} ms"),
            Line("overload", f"{work}: p99 of the refusals then", "-", most.refused_p99_ms, "ms", Bar(10),
                 f"{most.refused / SECONDS:.0f} per second; {lost}"),
            Line("overload", f"{work}: recovered after", "-", after.last_trouble_ms / 1000, "s", Bar(5), "half the peak asked")]
