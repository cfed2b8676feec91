"""e: 1080p to its ladder, against a run of FFmpeg for each rung; a source that is copied, against -c copy; when it can be watched."""
import time

import clips
import kinora
from measure import Bar, Contender, Line, compare
from peers import programs
from pictures import psnr_db, size_bytes
from places import Problem

TITLE = "the ladder"
LAPS = 4
READY_SECONDS = 300
SEGMENT_FRAMES = 120  # 4 s at 30 frames

# As kinora encodes them: height, width, kilobits at most.
RUNGS = [(360, 640, 800), (480, 854, 1400), (720, 1280, 2800), (1080, 1920, 5000)]


def run(bench):
    folder = bench.folder("e")
    sources = clips.folder()
    peer = folder / "peer"
    peer.mkdir()
    with bench.native(folder) as ours:
        lines = []
        for work, clip in (("top rung copied", sources / "groups.mp4"), ("all rungs encoded", sources / "one_group.mp4")):
            lines += compare("e", f"1080p to 4 rungs, {work}", making(ours, "ladder", clip), [(by_runs(peer, clip), Bar(0.45))], LAPS)
        lines += pictures(folder / "made", peer, sources / "one_group.mp4")
        minute = sources / "minute.mp4"
        lines += compare("e", "60 s of 1080p as they are", making(ours, "copy", minute), [(by_copy(peer, minute), Bar(1.3))], LAPS)
    return [*lines, first_segment(bench, folder, sources / "one_group.mp4")]


def making(ours, order, clip):
    def work():
        ours.order(order, clip)
        return 1
    return Contender("kinora", ours.tree, work)


def run_for(clip, height, width, kilobits):
    return ["ffmpeg", "-v", "error", "-y", "-i", clip, "-map", "0:V:0", "-map", "0:a:0", "-vf", f"scale={width}:{height}:flags=bicubic",
            "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p", "-crf", "23", "-maxrate", f"{kilobits}k",
            "-bufsize", f"{2 * kilobits}k", "-g", str(SEGMENT_FRAMES), "-sc_threshold", "0", "-flags", "+cgop", "-c:a", "copy",
            *as_segments(f"{height}.m3u8")]


def as_segments(playlist):
    return ["-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4", "-hls_flags", "single_file",
            "-hls_fmp4_init_filename", f"{playlist}.init", playlist]


def by_runs(folder, clip):
    return programs("4 FFmpeg runs", folder, [run_for(clip, *rung) for rung in RUNGS])


def by_copy(folder, clip):
    return programs("-c copy", folder, [["ffmpeg", "-v", "error", "-y", "-i", clip, "-map", "0:V:0", "-map", "0:a:0", "-c", "copy",
                                         *as_segments("copy.m3u8")]])


def pictures(made, peer, clip):
    """That nothing was saved at the picture's cost: each encoded rung beside the peer's."""
    lines = []
    for height, width, _ in RUNGS[:-1]:
        mine, other = made / f"video-{height}.mp4", peer / f"{height}.m4s"
        lost = psnr_db(other, clip, width, height) - psnr_db(mine, clip, width, height)
        lines.append(Line("e", f"{height}p, PSNR less than the peer's", "4 FFmpeg runs", lost, "dB", Bar(0.1),
                          f"{size_bytes(mine) / size_bytes(other):.3f} of its bytes"))
    return lines


def first_segment(bench, folder, clip):
    """The share of the whole time after which the lowest rung is there to be watched, of a source that has to be encoded."""
    with kinora.Kinora(bench.program, folder / "kinora", KINORA_MODELS=str(folder)) as ours:  # nothing is heard meanwhile
        ours.sign_in()
        begun = time.monotonic()
        video = ours.upload(clip.read_bytes())
        first = seconds_until(begun, lambda: rungs_of(ours, video) >= 1)
        whole = seconds_until(begun, lambda: rungs_of(ours, video) == len(RUNGS))
    return Line("e", "first segment of the lowest rung", "-", 100 * first / whole, "%", Bar(15), f"{first:.1f} of {whole:.1f} s")


def rungs_of(ours, video):
    return len(ours.send("GET", f"/api/v1/videos/{video}/variants").json()["data"])


def seconds_until(begun, holds):
    while not holds():
        if time.monotonic() - begun > READY_SECONDS:
            raise Problem(f"the ladder was not made within {READY_SECONDS} s")
        time.sleep(0.02)
    return time.monotonic() - begun
