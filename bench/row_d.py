"""d: probe, poster and storyboard of a minute of 1080p, against a spawn of FFmpeg for each tile and against one command for all."""
import time

import clips
import kinora
from measure import Bar, Contender, Line, compare
from peers import programs
from places import Problem

TITLE = "probe, poster, storyboard"
TILES = 30
LAPS = 4
POSTER_SECONDS = 30
# What kinora's storyboard is: a tile for each second, ten to a row, from key frames.
ALL_AT_ONCE = ("[0:V]split[first][each];[first]thumbnail=8,scale=1280:720,format=yuvj420p[poster];"
               "[each]scale=160:90,format=yuvj420p,fps=1,tile=10x6[board]")


def run(bench):
    folder = bench.folder("d")
    clip = clips.folder() / "minute.mp4"
    with bench.native(folder) as ours:
        lines = compare("d", "60 s of 1080p", looking(ours, clip), [(a_spawn_for_each_tile(folder, clip), Bar(0.10)),
                                                                    (one_command(folder, clip), Bar(1.0))], LAPS)
    return [*lines, poster_line(bench, folder, clip)]


def looking(ours, clip):
    def work():
        ours.order("look", clip)
        return 1
    return Contender("kinora", ours.tree, work)


def tile_times(seconds, tiles):
    """The middle of each tile's stretch."""
    return [(at + 0.5) * seconds / tiles for at in range(tiles)]


def a_spawn_for_each_tile(folder, clip):
    tiles = [["ffmpeg", "-v", "error", "-y", "-ss", str(at), "-i", clip, "-frames:v", "1", "-vf", "scale=160:-2", "-q:v", "5",
              f"tile-{number}.jpg"] for number, at in enumerate(tile_times(clips.MINUTE, TILES))]
    probe = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", clip]
    return programs("30 spawns", folder, [probe, *tiles])


def one_command(folder, clip):
    command = ["ffmpeg", "-v", "error", "-y", "-skip_frame", "nokey", "-i", clip, "-filter_complex", ALL_AT_ONCE,
               "-map", "[poster]", "-frames:v", "1", "-q:v", "3", "-update", "1", "poster.jpg",
               "-map", "[board]", "-frames:v", "1", "-q:v", "5", "-update", "1", "board.jpg"]
    return programs("one FFmpeg", folder, [command])


def poster_line(bench, folder, clip):
    """From the last byte of an upload on, which its answer follows."""
    with kinora.Kinora(bench.program, folder / "kinora") as ours:
        ours.sign_in()
        video = ours.upload(clip.read_bytes())
        since = time.monotonic()
        while not ours.video(video)["poster_url"]:
            if time.monotonic() - since > POSTER_SECONDS:
                raise Problem(f"no poster within {POSTER_SECONDS} s")
            time.sleep(0.005)
        waited = time.monotonic() - since
    return Line("d", "poster after the last byte", "-", 1000 * waited, "ms", Bar(300))
