"""Reads a .scenario file into steps. README.md describes the form."""
import json
import re
from dataclasses import dataclass, field

METHODS = "GET HEAD POST PUT PATCH DELETE OPTIONS"


class ScenarioError(Exception):
    """The file is wrong, not the server."""


@dataclass
class Part:
    """One part of a multipart body; `path` or `text`, not both."""
    name: str
    text: str = ""
    path: str = ""
    filename: str = ""


@dataclass
class Capture:
    name: str
    source: str
    regex: str = ""


@dataclass
class Step:
    title: str
    line: int
    restart: str = ""  # RESTART or KILL
    lose: str = ""  # a folder of the data directory that is gone afterwards
    changes: dict = field(default_factory=dict)  # of the environment, from this start on
    method: str = ""
    target: str = ""
    until_s: float = 0
    headers: dict = field(default_factory=dict)
    without: set = field(default_factory=set)
    parts: list = field(default_factory=list)
    json: object = None
    raw: str = None
    status: int = 0
    answer_headers: dict = field(default_factory=dict)
    answer_body: str = None
    answer_json: object = None
    give_up: object = None
    captures: list = field(default_factory=list)
    always: dict = field(default_factory=dict)


@dataclass
class Scenario:
    environment: dict = field(default_factory=dict)
    steps: list = field(default_factory=list)


class _Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0
        self.scenario = Scenario()
        self.step = None
        self.answering = False

    def read(self):
        while self.at < len(self.text):
            if self.text[self.at] in "{[":
                self._json()
            else:
                self._line(self._next_line())
        for step in self.scenario.steps:
            if not step.restart and not step.status:
                raise ScenarioError(f"line {step.line}: the step '{step.title}' expects no status; add '--> 200'")
        return self.scenario

    def _line_number(self):
        return self.text.count("\n", 0, self.at) + 1

    def _next_line(self):
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        line = self.text[self.at:end].rstrip()
        self.at = end + 1
        return line

    def _wrong(self, what):
        raise ScenarioError(f"line {self._line_number() - 1}: {what}")

    def _decode(self, start):
        try:
            value, self.at = json.JSONDecoder().raw_decode(self.text, start)
        except ValueError as error:
            raise ScenarioError(f"line {self._line_number()}: the JSON that begins here is not valid: {error}") from None
        self._next_line()
        return value

    def _json(self):
        value = self._decode(self.at)
        if self.step is None:
            self._wrong("a body stands before the first step")
        if self.answering:
            self.step.answer_json = value
        else:
            self.step.json = value

    def _line(self, line):
        if line.startswith("## "):
            self.step = Step(line[3:], self._line_number() - 1)
            self.answering = False
            self.scenario.steps.append(self.step)
        elif not line or line.startswith("#"):
            return
        elif self.step is None:
            self._setting(line)
        elif self.answering:
            self._answer(line)
        else:
            self._request(line)

    def _setting(self, line):
        found = re.fullmatch(r"server ([A-Z_0-9]+)=(.*)", line)
        if not found:
            self._wrong(f"only 'server NAME=value' may stand before the first step, not '{line}'")
        self.scenario.environment[found[1]] = found[2]

    def _request(self, line):
        step = self.step
        if found := re.fullmatch(r"(RESTART|KILL)(?: AND LOSE (\w+))?(?: WITH ([A-Z_0-9]+)=(.*))?", line):
            step.restart, step.lose = found[1], found[2] or ""
            step.changes = {found[3]: found[4]} if found[3] else {}
        elif found := re.fullmatch(r"--> (\d{3})", line):
            step.status = int(found[1])
            self.answering = True
        elif found := re.fullmatch(r"([A-Z]+) (\S+)(?: until (\d+) s)?", line):
            if found[1] not in METHODS.split():
                self._wrong(f"there is no method {found[1]}")
            step.method, step.target, step.until_s = found[1], found[2], float(found[3] or 0)
        elif line.startswith("without "):
            step.without.add(line[8:].lower())
        elif line.startswith("raw "):
            step.raw = line[4:]
        elif found := re.fullmatch(r"field (\w+) = ?(.*)", line):
            step.parts.append(Part(found[1], text=found[2]))
        elif found := re.fullmatch(r'file (\w+) = "(.*)" as (.+)', line):
            step.parts.append(Part(found[1], text=found[2], filename=found[3]))
        elif found := re.fullmatch(r"file (\w+) = (\S+)(?: as (.+))?", line):
            step.parts.append(Part(found[1], path=found[2], filename=found[3] or found[2].rsplit("/", 1)[-1]))
        elif found := re.fullmatch(r"([\w-]+): (.*)", line):
            step.headers[found[1]] = found[2]
        else:
            self._wrong(f"'{line}' is no part of a request")

    def _answer(self, line):
        step = self.step
        if found := re.fullmatch(r"capture (\w+) = (/\S*|body|header [\w-]+)(?: ~ (.+))?", line):
            step.captures.append(Capture(found[1], found[2], found[3] or ""))
        elif found := re.fullmatch(r"always ([\w-]+): (.*)", line):
            step.always[found[1]] = found[2]
        elif line.startswith("give up when "):
            self.at -= len(line) + 1 - len("give up when ")
            step.give_up = self._decode(self.at)
        elif line.startswith("body "):
            step.answer_body = line[5:]
        elif found := re.fullmatch(r"([\w-]+): (.*)", line):
            step.answer_headers[found[1]] = found[2]
        else:
            self._wrong(f"'{line}' is no part of an answer")


def read(text):
    return _Reader(text).read()
