"""FTS5 and sqlite-vec under the orders of bench/native/search.hpp, on the corpus that those left in the folder.

Words by BM25, meaning by the nearest float vectors, the best hundred of each fused by reciprocal rank, the texts of the first
ten. Both filters are as these extensions want them: a column of the word index and a partition of the vectors.
"""
import itertools
import json
import pathlib
import sys
import time

import apsw
import sqlite_vec

DIMENSION = 384
VECTOR_BYTES = 4 * DIMENSION
CHUNKS_PER_VIDEO = 200
DISTINCT_QUERIES = 40
DEPTH, HITS, RANK_OFFSET = 100, 10, 60

SCHEMA = f"""
CREATE TABLE chunks (number INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(text, scope, content='', detail=column);
CREATE VIRTUAL TABLE vectors USING vec0(language TEXT PARTITION KEY, owner INTEGER PARTITION KEY, vector FLOAT[{DIMENSION}]);
"""
# Of unit vectors the nearest are those of the largest cosine.
NEAREST = "SELECT rowid FROM vectors WHERE vector MATCH ?1 AND k = ?2 AND {} = ?3 ORDER BY distance"
BEST_WORDS = "SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY bm25(words, 1.0, 0.0) LIMIT ?2"
TEXT = "SELECT text FROM chunks WHERE number = ?1"


class Hybrid:
    def __init__(self, folder):
        self._folder = folder
        self._database = apsw.Connection(str(folder / "peer.db"))
        self._database.enable_load_extension(True)
        self._database.load_extension(sqlite_vec.loadable_path())
        self._database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -262144")
        self._queries = []

    def fill(self, _):
        self._database.execute(SCHEMA)
        started = time.monotonic()
        count = 0
        with open(self._folder / "chunks.tsv") as texts, open(self._folder / "vectors.f32", "rb") as vectors:
            while video := list(itertools.islice(texts, CHUNKS_PER_VIDEO)):
                with self._database:
                    for line in video:
                        self._add(count, line.rstrip("\n").split("\t"), vectors.read(VECTOR_BYTES))
                        count += 1
        self._queries = self._read_queries()
        return count / (time.monotonic() - started)

    def _add(self, number, columns, vector):
        owner, language, text = columns
        self._database.execute("INSERT INTO chunks VALUES (?, ?)", (number, text))
        self._database.execute("INSERT INTO words (rowid, text, scope) VALUES (?, ?, ?)", (number, text, f"{language} owner{owner}"))
        self._database.execute("INSERT INTO vectors (rowid, owner, language, vector) VALUES (?, ?, ?, ?)",
                               (number, int(owner), language, vector))

    def _read_queries(self):
        lines = (self._folder / "queries.tsv").read_text().splitlines()
        vectors = (self._folder / "queries.f32").read_bytes()
        return [(*line.split("\t"), vectors[VECTOR_BYTES * at:VECTOR_BYTES * (at + 1)]) for at, line in enumerate(lines)]

    def in_one_language(self, count):
        return self._ask(count, "language")

    def of_one_person(self, count):
        return self._ask(count, "owner")

    def nearest(self, count):
        statement = NEAREST.format("language")
        return json.dumps([[row[0] for row in self._database.execute(statement, (vector, HITS, language))]
                           for _, language, _, vector in self._queries[:int(count)]])

    def _ask(self, count, scope):
        for number in range(int(count)):
            if not self._hits(self._queries[number % DISTINCT_QUERIES], scope):
                raise RuntimeError("a query found nothing")
        return "done"

    def _hits(self, query, scope):
        owner, language, text, vector = query
        value, token = (language, language) if scope == "language" else (int(owner), f"owner{owner}")
        match = f"scope : {token} AND text : ({' OR '.join(text.split())})"
        rankings = (self._database.execute(BEST_WORDS, (match, DEPTH)),
                    self._database.execute(NEAREST.format(scope), (vector, DEPTH, value)))
        return [(number, self._database.execute(TEXT, (number,)).fetchall()[0][0]) for number in fused(rankings)[:HITS]]


def fused(rankings):
    """Reciprocal rank fusion: numbers, best first."""
    scores = {}
    for ranking in rankings:
        for rank, (number,) in enumerate(ranking, 1):
            scores[number] = scores.get(number, 0) + 1 / (RANK_OFFSET + rank)
    return sorted(scores, key=lambda number: (-scores[number], number))


def main():
    hybrid = Hybrid(pathlib.Path(sys.argv[1]))
    print("ready", flush=True)
    for line in sys.stdin:
        order, argument = line.split()
        print(getattr(hybrid, order)(argument), flush=True)


if __name__ == "__main__":
    main()
