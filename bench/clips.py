"""Sources of 1080p, made by FFmpeg from tests/media once and kept in the cache, in a folder named by how they are made.

A camera's picture at three times its speed, enlarged, with noise, because a smooth picture costs nothing; recorded speech.
"""
import hashlib
import os
import shutil
import subprocess

import cache
from places import REPOSITORY

PICTURE = REPOSITORY / "tests/media/short.mp4"
SOUND = REPOSITORY / "tests/media/tour/tour.m4a"
SECONDS = 8
MINUTE = 60
ENCODED = ["-i", PICTURE, "-i", SOUND, "-t", str(SECONDS), "-map", "0:v", "-map", "1:a",
           "-vf", "setpts=PTS/3,scale=1920:1080:flags=bicubic,noise=c0s=6:c0f=t:all_seed=7", "-r", "30", "-c:v", "libx264", "-preset", "veryfast",
           "-threads", "1", "-b:v", "6M", "-maxrate", "9M", "-bufsize", "12M", "-sc_threshold", "0", "-flags", "+cgop", "-pix_fmt", "yuv420p",
           "-c:a", "copy", "-movflags", "+faststart"]
# A key frame every 2 s, as copies and seeking want them; one for all, which leaves nothing to copy; the first for a minute.
RECIPES = {
    "groups.mp4": [*ENCODED, "-g", "60", "-keyint_min", "60"],
    "one_group.mp4": [*ENCODED, "-g", "1000", "-keyint_min", "1000"],
    "minute.mp4": ["-stream_loop", "-1", "-i", "picture.mp4", "-i", SOUND, "-t", str(MINUTE), "-map", "0:v", "-map", "1:a", "-c", "copy",
                   "-movflags", "+faststart"],
}


def folder_name(recipes):
    text = repr([[name, *map(os.path.basename, words)] for name, words in recipes.items()])
    return "clips-" + hashlib.sha256(text.encode()).hexdigest()[:12]


def folder():
    """All clips, whole or not at all."""
    there = cache.ROOT / "bench" / folder_name(RECIPES)
    if there.exists():
        return there
    half = there.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    for name, words in RECIPES.items():
        if name == "minute.mp4":
            _make(half, "picture.mp4", ["-i", "groups.mp4", "-an", "-c", "copy"])
        _make(half, name, words)
    os.replace(half, there)
    return there


def _make(inside, name, words):
    subprocess.run(["ffmpeg", "-v", "error", *words, name], cwd=inside, check=True)
