#!/usr/bin/env python3
"""Holds all SQL to the portable subset and each table to its owner, by a real PostgreSQL.

    tools/check_sql.py [ROOT]

Runs every src/**/migrations/*.sql, owner after owner, and prepares every R"sql(...)sql" of src/ (tests aside), sql_of<...> put
together of its own text and of the R"part(...)part" that it names. Each owner is a folder with migrations; its tables live in a
schema of its own, and its SQL sees only that schema: a statement that names another owner's table does not prepare. Prints
file:line and PostgreSQL's words for what fails.
"""
import dataclasses
import pathlib
import re
import sys

import postgres

# Migrations run in this order; the other adapters that keep rows come right after the database port.
FIRST, MODULES = "adapters/database", ("accounts", "media", "ai", "search", "chat", "channels", "editor", "pipeline", "ops")
LATER = ["jobs", "http", *(f"modules/{name}" for name in MODULES)]

PIECE = r'(?:R"sql\(.*?\)sql"|\w+)'
STATEMENTS = re.compile(rf'sql_of<\s*{PIECE}(?:\s*,\s*{PIECE})*\s*>|R"sql\(.*?\)sql"(?:\s*R"sql\(.*?\)sql")*', re.DOTALL)
PIECES = re.compile(r'R"sql\((.*?)\)sql"|(\w+)', re.DOTALL)
PARTS = re.compile(r'constexpr SqlPart (\w+) = R"part\((.*?)\)part"', re.DOTALL)
DIALECT_ROW = re.compile(r'\{"(@\w+)", "([^"]*)", "([^"]*)"\}')
QUOTED_OR_MARK = re.compile(r"""'[^']*'|"[^"]*"|--[^\n]*|/\*.*?\*/|@\w+""", re.DOTALL)
STEP_NAME = re.compile(r"(\d{3})_[a-z0-9_]+\.sql")

DB_NOW = """CREATE FUNCTION public.db_now() RETURNS BIGINT LANGUAGE sql STABLE
            AS 'SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT'"""
OWNERS_OF_TABLE = """SELECT table_schema FROM information_schema.tables WHERE table_name = '{}'"""
# All owners share one schema in the product.
TWICE = """SELECT c.relname, string_agg(n.nspname, ' and ' ORDER BY n.nspname)
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname NOT LIKE 'pg%' AND n.nspname <> 'information_schema'
           GROUP BY c.relname HAVING COUNT(*) > 1"""


@dataclasses.dataclass
class Statement:
    file: pathlib.PurePath  # below the root
    line: int
    owner: str
    text: str


def read_marks(root):
    """The PostgreSQL column of the dialect's table."""
    rows = DIALECT_ROW.findall((root / "src/adapters/database/dialect.cpp").read_text())
    return {mark: postgresql for mark, _, postgresql in rows}


def expand(text, marks):
    """As expand() of src/adapters/database/dialect.cpp. Also gives the marks that the dialect does not have."""
    unknown = []

    def replace(match):
        word = match.group()
        if word[0] != "@":
            return word
        if word not in marks:
            unknown.append(word)
        return marks.get(word, word)

    return QUOTED_OR_MARK.sub(replace, text), unknown


def find_migrations(root):
    """(owner, its steps in order) in the order in which owners migrate; what is misnamed goes into `problems`."""
    steps, problems = {}, []
    for path in sorted((root / "src").glob("**/migrations/*.sql")):
        file = path.relative_to(root)
        owner = file.parent.parent.relative_to("src").as_posix()
        text = path.read_text()
        steps.setdefault(owner, []).append(Statement(file, 1, owner, text))
        if not (STEP_NAME.fullmatch(file.name) and int(file.name[:3]) == len(steps[owner])):
            problems.append(f"{file}:1: step {len(steps[owner])} of {owner} must be named {len(steps[owner]):03}_words.sql")
        if re.search(r"\bDEFERRABLE\b", text, re.IGNORECASE):
            problems.append(f"{file}:1: a deferred constraint is checked at COMMIT, which many bodies share; leave DEFERRABLE out")
    known = [FIRST, *sorted(owner for owner in steps if owner.startswith("adapters/") and owner != FIRST), *LATER]
    problems += [f"src/{owner}/migrations:1: tools/check_sql.py does not know when {owner} migrates; add it to the order"
                 for owner in steps if owner not in known]
    return [(owner, steps[owner]) for owner in known if owner in steps], problems


def owner_of(file, owners):
    """The nearest folder with migrations; below adapters/ those without talk to an engine of their own, hence None. Elsewhere
    a folder without migrations owns nothing."""
    for folder in file.parents:
        if folder.as_posix().removeprefix("src/") in owners:
            return folder.as_posix().removeprefix("src/")
    return None if file.parts[1] == "adapters" else "nobody"


def find_statements(root, owners):
    for path in sorted((root / "src").glob("**/*.?pp")):
        file = path.relative_to(root)
        if "tests" in file.parts or file.name.endswith("_contract.hpp"):
            continue
        text = path.read_text()
        owner = owner_of(file, owners)
        parts = dict(PARTS.findall(text))
        for match in STATEMENTS.finditer(text):
            before = text[text.rfind("\n", 0, match.start()) + 1:match.start()]
            if owner and "//" not in before:
                yield Statement(file, text.count("\n", 0, match.start()) + 1, owner, text_of(match.group(), parts))


def text_of(statement, parts):
    """Literals side by side are one, and pieces of sql_of<> are joined by blanks, as the compiler has it. Parts count no lines."""
    if not statement.startswith("sql_of<"):
        return "".join(literal for literal, _ in PIECES.findall(statement))
    pieces = PIECES.findall(statement.removeprefix("sql_of<"))
    return " ".join(literal or parts.get(name, f"@{name}").replace("\n", " ") for literal, name in pieces)


class Check:
    def __init__(self, connection, marks):
        self.connection = connection
        self.marks = marks
        self.problems = []

    def migrate(self, owner, steps):
        self.connection.run(f'CREATE SCHEMA "{owner}"')
        for step in steps:
            self._try(step, self.connection.run)

    def prepare(self, statement):
        self._try(statement, self.connection.parse)

    def names_made_twice(self):
        return [f"src:1: {name} is made by {owners}; a name belongs to one owner" for name, owners in self.connection.run(TWICE)]

    def _try(self, statement, act):
        text, unknown = expand(statement.text, self.marks)
        for mark in unknown:
            self._report(statement, 0, f"the dialect has no {mark}")
        self.connection.run(f'SET search_path = "{statement.owner}", public')
        try:
            act(text)
        except postgres.StatementError as error:
            self._report(statement, text.count("\n", 0, max(error.position - 1, 0)), self._explain(error))

    def _report(self, statement, lines_down, message):
        self.problems.append(f"{statement.file}:{statement.line + lines_down}: {message}")

    def _explain(self, error):
        missing = re.fullmatch(r'relation "(\w+)" does not exist', str(error))
        owners = self.connection.run(OWNERS_OF_TABLE.format(missing[1])) if missing else []
        if not owners:
            return str(error)
        return f"table {missing[1]} belongs to {owners[0][0]}; only SQL in src/{owners[0][0]} may name it"


def check(root):
    """The problems, one line each, and how much was looked at."""
    migrations, problems = find_migrations(root)
    statements = list(find_statements(root, {owner for owner, _ in migrations}))
    with postgres.Server() as server:
        connection = server.connect()
        connection.run(DB_NOW)
        checking = Check(connection, read_marks(root))
        for owner, steps in migrations:
            checking.migrate(owner, steps)
        for statement in statements:
            checking.prepare(statement)
        problems += checking.problems + checking.names_made_twice()
        connection.close()
    return problems, f"{sum(len(steps) for _, steps in migrations)} migrations, {len(statements)} statements"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    try:
        problems, amount = check(root)
    except postgres.Problem as problem:
        sys.exit(f"check_sql: {problem}")
    print("\n".join([*problems, f"check_sql: {amount}, {len(problems)} problems"]))
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
