"""f: speech to text of a five-minute talk, against whisper.cpp's own tool with the same weights and settings."""
from measure import Bar, compare
from peers import programs

import beside_whisper

TITLE = "speech to text"
LAPS = 2


def run(bench):
    folder = bench.folder("f")
    sound = beside_whisper.talk_in(folder)
    ours = programs("kinora", folder, [beside_whisper.kinora_command(bench.program, sound)])
    theirs = programs("whisper-cli", folder, [beside_whisper.whisper_command(sound)])
    return compare("f", "five minutes of speech", ours, [(theirs, Bar(1.0))], LAPS)
