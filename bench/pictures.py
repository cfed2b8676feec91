"""How near encoded pictures are to their source."""
import re
import subprocess

from places import Problem


def psnr_db(encoded, source, width, height):
    """Of all planes together, against the source scaled as exactly as FFmpeg can."""
    graph = f"[1:V]scale={width}:{height}:flags=lanczos+accurate_rnd,format=yuv420p[source];[0:V][source]psnr"
    done = subprocess.run(["ffmpeg", "-hide_banner", "-i", encoded, "-i", source, "-lavfi", graph, "-f", "null", "-"], capture_output=True, text=True)
    return average_in(done.stderr)


def average_in(told):
    found = re.search(r"PSNR .*average:([\d.]+)", told)
    if not found:
        raise Problem(f"FFmpeg could not compare pictures: {told[-500:]}")
    return float(found[1])


def size_bytes(encoded):
    """Of the pictures alone, without their container and sound."""
    told = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "V:0", "-show_entries", "packet=size", "-of", "csv=p=0", encoded],
                          capture_output=True, text=True)
    return sum(map(int, re.findall(r"\d+", told.stdout)))
