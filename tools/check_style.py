#!/usr/bin/env python3
"""The compass of sizes and the words that may not stand in the tree.

    tools/check_style.py [ROOT]

What is long, deep or has many parameters is listed to be looked at again. It fails for a file above 400 lines or a function
above 60 that no line of docs/exceptions.md names (the file's path, and the function's name), and for a banned word.
"""
import os
import pathlib
import re
import sys

import cpp_text

FILE_WALL, FUNCTION_WALL = 400, 60
LOOK_AGAIN = {"header lines": 200, "parameters": 5, "nesting": 3}
EXCEPTIONS = "docs/exceptions.md"

SKIPPED_FOLDERS = {".git", "build", "node_modules", "__pycache__"}
TEXTS = {".cpp", ".hpp", ".h", ".c", ".py", ".sh", ".cmake", ".txt", ".json", ".lock", ".md", ".sql", ".js", ".mjs", ".css",
         ".html", ".toml", ".yml", ".yaml", ".scenario", ".suppressions", ""}

# Each: what it is, where it counts, what it looks like. A letter in brackets keeps a pattern from finding itself.
BANS = (
    ("unfinished work", r"(src|tools|tests|bench|cmake|web)/.*|Makefile|CMakeLists\.txt",
     r"\b(TO[D]O|FIX[M]E|HA[C]K)\b|\bXX[X]:"),
    ("a word for unfinished work", r"(src|tools|cmake)/.*",
     r"\b(?i:place[h]older|dum[m]y|stub[b]ed)\b|\bnot (yet )?imple[m]ented\b"),
    ("a skipped test", r"(src|tests|web|tools)/.*", r"GTEST_SKI[P]|DISABLE[D]_|\b(it|test|pytest\.mark)\.ski[p]\b"),
    ("a test that sleeps", r"(.*/)?tests/.*", r"sleep_fo[r]|sleep_unti[l]|\busleep\s*\(|time\.slee[p]\("),
    ("a folder that users do not have", r".*", r"\.\./share[d]\b"),
    ("an address in a set-up file; registries are reached by their clients", r"(\.ci|tools|cmake)/.*|Makefile|.*\.lock|"
     r".*lock\.json|(.*/)?CMakeLists\.txt", r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org|json-schema\.org)[\w.-]+"),
)


def texts_below(root):
    """(path below the root, text) of every text of the project."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        for name in sorted(files):
            path = pathlib.Path(folder, name)
            if path.suffix not in TEXTS or path.stat().st_size > 2_000_000:
                continue
            try:
                yield path.relative_to(root).as_posix(), path.read_text()
            except UnicodeDecodeError:
                continue


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def banned(path, text, root):
    for what, where, pattern in BANS:
        if re.fullmatch(where, path):
            for match in re.finditer(pattern, text):
                yield f"{path}:{line_of(text, match.start())}: {what}: {match.group()}"
    at = text.find(str(root) + "/")
    if at >= 0:
        yield f"{path}:{line_of(text, at)}: a path of this machine"


def sizes(path, text, exceptions):
    """(walls that are broken, things to look at again) of one C++ file."""
    walls, again = [], []

    def judge(line, what, is_wall, *names):
        excused = any(all(name in each for name in (path, *names)) for each in exceptions)
        (walls if is_wall and not excused else again).append(f"{path}:{line}: {what}")

    lines = text.count("\n")
    if lines > FILE_WALL or (path.endswith(".hpp") and lines > LOOK_AGAIN["header lines"]):
        judge(1, f"{lines} lines", lines > FILE_WALL)
    for function in cpp_text.functions_of(text):
        if function.lines > FUNCTION_WALL:
            judge(function.line, f"{function.name} has {function.lines} lines", True, function.name)
        for number, what in ((function.parameters, "parameters"), (function.nesting, "nesting")):
            if number > LOOK_AGAIN[what]:
                judge(function.line, f"{function.name}: {what} {number}", False)
    return walls, again


def check(root):
    """(what must be mended, what is worth a look), one line each."""
    root = pathlib.Path(root).resolve()
    exceptions = (root / EXCEPTIONS).read_text().splitlines() if (root / EXCEPTIONS).exists() else []
    wrong, again = [], []
    for path, text in texts_below(root):
        wrong += banned(path, text, root)
        if path.startswith("src/") and path.endswith((".cpp", ".hpp")):
            walls, looks = sizes(path, text, exceptions)
            wrong += walls
            again += looks
    return wrong, again


def main():
    wrong, again = check(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    for line in again:
        print(f"look again: {line}")
    print("\n".join([*wrong, f"check_style: {len(wrong)} problems, {len(again)} places to look at again"]))
    if any(" lines" in line for line in wrong):
        print(f"A size that has to be is excused by a line of {EXCEPTIONS} that names the file (and the function) and says why.")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
