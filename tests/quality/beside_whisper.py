#!/usr/bin/env python3
"""Compares the words that kinora hears in the talk with those of whisper-cli, which is whisper.cpp's own: the same weights, the same
sound, greedy, one thread each.

    tests/quality/beside_whisper.py --kinora build/release/kinora

Ours may have at most 0.02 more words wrong of all that were said.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TALK = ROOT / "tests/media/tour"
MODELS = pathlib.Path(os.environ.get("KINORA_CACHE", pathlib.Path.home() / ".cache/kinora")) / "models"
SECONDS_MAX = 1800
MORE_WRONG_MAX = 0.02


def plain_words(text):
    return re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))


def word_error_rate(said, heard):
    """Edits that turn one into the other (Levenshtein), as a share of what was said."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(said, 1):
        diagonal, row[0] = row[0], at
        for to, other in enumerate(heard, 1):
            diagonal, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, diagonal + (word != other))
    return row[-1] / len(said)


def kinora_command(kinora, sound):
    return [kinora, "engine", "speech", "--audio", sound, "--language", "en", "--model", MODELS / "ggml-base.bin",
            "--detector", MODELS / "ggml-silero-v6.2.0.bin"]


def whisper_command(sound):
    """Told to leave out the times (-nt), it loses a quarter of the words."""
    found = subprocess.run([ROOT / "tools/build_engines", "--path", "whisper-cli"], capture_output=True, text=True, check=True)
    program = pathlib.Path(found.stdout.strip()) / "bin/whisper-cli"
    return [program, "-m", MODELS / "ggml-base.bin", "-f", sound, "-l", "en", "-t", "1", "-bo", "1", "-bs", "1", "-np"]


def talk_in(folder):
    """Its sound, as recognisers take it."""
    sound = folder / "talk.wav"
    output_of(["ffmpeg", "-v", "error", "-i", TALK / "tour.m4a", "-ar", "16000", "-ac", "1", sound])
    return sound


def output_of(command):
    return subprocess.run([str(each) for each in command], capture_output=True, text=True, timeout=SECONDS_MAX, check=True).stdout


def heard_by_kinora(kinora, sound):
    messages = [json.loads(line) for line in output_of(kinora_command(kinora, sound)).splitlines()]
    return " ".join(word["text"] for message in messages if message["event"] == "words" for word in message["words"])


def heard_by_whisper(sound):
    return re.sub(r"^\[[^]]*\]", "", output_of(whisper_command(sound)), flags=re.MULTILINE)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kinora", required=True, type=pathlib.Path)
    kinora = parser.parse_args().kinora.resolve()
    reference = json.loads((TALK / "reference.json").read_text())
    said = plain_words(" ".join(passage["text"] for passage in reference["segments"]))
    with tempfile.TemporaryDirectory(prefix="kinora-words-") as folder:
        sound = talk_in(pathlib.Path(folder))
        rates = {}
        for name, text in {"kinora": heard_by_kinora(kinora, sound), "whisper-cli": heard_by_whisper(sound)}.items():
            rates[name] = word_error_rate(said, plain_words(text))
            print(f"{name}: {rates[name]:.4f} of {len(said)} words wrong", flush=True)
    if rates["kinora"] > rates["whisper-cli"] + MORE_WRONG_MAX:
        sys.exit(f"kinora has more than {MORE_WRONG_MAX} more words wrong")


if __name__ == "__main__":
    main()
