"""h: words and meaning under a filter among 100,000 chunks, against FTS5 and sqlite-vec; how much is found of what is nearest."""
import json
import statistics

import peers
from drivers import Driver
from measure import Bar, Contender, Line, compare

TITLE = "hybrid search"
CHUNKS = 100_000
QUERIES = {"kinora": 400, "FTS5 + sqlite-vec": 20}  # in a lap
NEAREST = 40
LAPS = 4


def run(bench):
    folder = bench.folder("h")
    with bench.native(folder) as ours:
        rate = float(ours.order("fill", CHUNKS))
        with Driver(peers.hybrid_command(folder), folder, peers.python_path()) as theirs:
            peer_rate = float(theirs.order("fill", CHUNKS))
            found = recall(json.loads(ours.order("nearest", NEAREST)), json.loads(theirs.order("nearest", NEAREST)))
            lines = [*filtered(ours, theirs, "one language of two", "in_one_language"),
                     *filtered(ours, theirs, "one person of fifty", "of_one_person")]
        slowest = float(ours.order("in_one_language", 1000))
    return [*lines,
            Line("h", "recall@10 of the nearest", "exact", found, "", Bar(0.98, at_least=True)),
            Line("h", "one language of two, p99", "-", slowest, "ms", Bar(3)),
            Line("h", "chunks to searchable", "-", rate, "/s", Bar(5000, at_least=True), f"the peer {peer_rate:.0f} /s")]


def filtered(ours, theirs, work, order):
    return compare("h", work, asking("kinora", ours, order), [(asking("FTS5 + sqlite-vec", theirs, order), Bar(0.10))], LAPS)


def asking(name, driver, order):
    def work():
        driver.order(order, QUERIES[name])
        return QUERIES[name]
    return Contender(name, driver.tree, work)


def recall(found, exact):
    """The mean share of each exact list that was found."""
    return statistics.mean(len(set(mine) & set(true)) / len(true) for mine, true in zip(found, exact, strict=True))
