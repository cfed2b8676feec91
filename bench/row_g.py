"""g: passages to vectors, against llama-server asked directly; what one query costs, new and known."""
import json
import pathlib
import random
import subprocess
import urllib.request

import cache
from measure import Bar, Contender, Line, compare
from peers import Peer
from places import REPOSITORY, free_port

TITLE = "embeddings"
PASSAGES = 64  # in a lap
AT_ONCE = 16  # as kinora asks
WORDS = 60
QUERIES = 100
LAPS = 4


def run(bench):
    folder = bench.folder("g")
    dice = random.Random(1)
    passages = file_of(folder / "passages", texts(dice, PASSAGES, WORDS))
    queries = file_of(folder / "queries", texts(dice, QUERIES, 8))
    files = {"BENCH_LLAMA_SERVER": str(llama_server()), "BENCH_EMBEDDING_MODEL": str(model())}
    with bench.native(folder, files) as ours, direct(folder) as theirs:
        mine = Contender("kinora", ours.tree, lambda: ours.order("passages", passages) and PASSAGES)
        peer = Contender("llama-server", theirs.tree, lambda: ask(theirs.url, passages))
        lines = compare("g", f"a passage of {WORDS} words", mine, [(peer, Bar(1 / 0.95))], LAPS)
        query = Contender("kinora", ours.tree, lambda: ours.order("queries", queries) and QUERIES)
        new, known = query.lap(), query.lap()
    return [*lines, Line("g", "one query, CPU", "-", new.cpu_us / 1000, "ms", Bar(12)),
            Line("g", "a query that was asked before", "-", known.cpu_us / 1000, "ms", Bar(1))]


def llama_server():
    found = subprocess.run([REPOSITORY / "tools/build_engines", "--path", "llama.cpp"], capture_output=True, text=True, check=True)
    return pathlib.Path(found.stdout.strip()) / "bin/llama-server"


def model():
    return cache.MODELS / "multilingual-e5-small-q4_0.gguf"


def direct(folder):
    """With the settings that kinora gives it; one thread, as there."""
    port = free_port()
    command = [llama_server(), "-m", model(), "--host", "127.0.0.1", "--port", str(port), "-np", "1", "-t", "1", "-tb", "1",
               "--threads-http", "2", "--no-ui", "--no-slots", "--offline", "--log-verbosity", "1",
               "--embedding", "--pooling", "mean", "-c", "512", "-b", "512", "-ub", "512"]
    return Peer("llama-server", command, folder, port=port)


def ask(url, file):
    lines = file.read_text().splitlines()
    for at in range(0, len(lines), AT_ONCE):
        body = {"encoding_format": "float", "input": [f"passage: {line}" for line in lines[at:at + AT_ONCE]]}
        request = urllib.request.Request(f"{url}/v1/embeddings", json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            answer.read()
    return len(lines)


def texts(dice, count, words):
    known = (REPOSITORY / "README.md").read_text().split()
    return [" ".join(dice.choices(known, k=words)) for _ in range(count)]


def file_of(path, lines):
    path.write_text("\n".join(lines) + "\n")
    return path
