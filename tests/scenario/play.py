"""Plays the steps of one scenario against its server."""
import dataclasses
import json
import re
import time

import client
import expect


class Failure(Exception):
    """A step whose answer is not the expected one; the text shows request, answer and expectation."""


class Player:
    def __init__(self, scenario, server):
        self.scenario = scenario
        self.server = server
        self.variables = {"setup_token": server.setup_token}
        self.always = {}

    def play(self):
        for step in self.scenario.steps:
            try:
                self._play(step)
            except (KeyError, OSError, re.error) as error:
                raise Failure(f"line {step.line}, '{step.title}': {error}") from error

    def _play(self, step):
        if step.restart:
            self.server.stop() if step.restart == "RESTART" else self.server.kill()
            if step.lose:
                self.server.lose(step.lose)
            self.server.environment.update(step.changes)
            self.server.start()
            return
        deadline = time.monotonic() + step.until_s
        while True:
            answer, shown = self._send(step)
            wrong = self._wrong(step, answer)
            if wrong is None:
                break
            final = time.monotonic() >= deadline or self._hopeless(step, answer)
            if final or self.server.ended.wait(0.1):
                raise Failure(_report(step, shown, answer, wrong))
        self._keep(step, answer)

    def _send(self, step):
        body, content_type = client.body_of(self._filled(step))
        headers = {name: value for name, value in self.always.items() if name.lower() not in step.without}
        if content_type:
            headers["Content-Type"] = content_type
        for name, value in step.headers.items():
            headers = {known: kept for known, kept in headers.items() if known.lower() != name.lower()}
            headers[name] = expect.fill(value, self.variables)
        target = re.sub(r"^https?://[^/]+", "", expect.fill(step.target, self.variables))
        shown = f"{step.method} {target}\n" + "".join(f"{name}: {value}\n" for name, value in headers.items())
        if body is not None:
            shown += "\n" + body[:600].decode("utf-8", "replace") + ("\n...\n" if len(body) > 600 else "\n")
        return client.send(self.server.host, self.server.port, step.method, target, headers, body), shown

    def _filled(self, step):
        parts = [dataclasses.replace(part, text=expect.fill(part.text, self.variables)) for part in step.parts]
        return dataclasses.replace(step, json=expect.fill(step.json, self.variables), parts=parts)

    def _wrong(self, step, answer):
        if answer.status != step.status:
            return f"expected the status {step.status}, found {answer.status}"
        for name, matcher in step.answer_headers.items():
            wrong = expect.header_mismatch(expect.fill(matcher, self.variables), answer.headers.get(name), name)
            if wrong:
                return wrong
        if step.answer_body is not None:
            wrong = expect.mismatch(expect.fill(step.answer_body, self.variables), answer.text(), "the body")
            if wrong:
                return wrong
        if step.answer_json is not None:
            return expect.mismatch(expect.fill(step.answer_json, self.variables), answer.json())
        return None

    def _hopeless(self, step, answer):
        return step.give_up is not None and expect.mismatch(step.give_up, answer.json()) is None

    def _keep(self, step, answer):
        for capture in step.captures:
            value = _source(capture.source, answer)
            if capture.regex:
                found = re.search(capture.regex, str(value))
                if not found:
                    raise KeyError(f"'{capture.regex}' is not in {value!r}, so {capture.name} cannot be captured")
                value = found[1]
            self.variables[capture.name] = value
        for name, value in step.always.items():
            self.always[name] = expect.fill(value, self.variables)


def _source(source, answer):
    if source == "body":
        return answer.text()
    if source.startswith("header "):
        return answer.headers[source[7:]]
    value = answer.json()
    for key in source[1:].split("/"):
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (KeyError, IndexError, TypeError, ValueError):
            raise KeyError(f"the answer has no {source}") from None
    return value


def _report(step, shown, answer, wrong):
    body = answer.json()
    text = json.dumps(body, indent=1, ensure_ascii=False) if body is not None else answer.text()
    head = f"{answer.status}\n" + "".join(f"{name}: {value}\n" for name, value in answer.headers.items())
    waited = f" (after {step.until_s:g} s)" if step.until_s else ""
    return (f"line {step.line}, '{step.title}'{waited}: {wrong}\n"
            f"--- request\n{shown.rstrip()}\n--- answer\n{head}\n{text[:3000]}\n"
            f"--- expected\n{json.dumps(step.answer_json, indent=1, ensure_ascii=False) if step.answer_json is not None else step.status}")
