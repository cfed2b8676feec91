"""Programs that take orders by lines: a queue with its worker inside, a search index."""
import os
import select
import subprocess

from measure import Tree
from places import SERVER_CORE, Problem, on_core

ANSWER_SECONDS = 600


class Driver:
    """with Driver(...) as driver: driver.order("jobs", 1000)"""

    def __init__(self, command, folder, environment=()):
        self._command = command
        self._folder = folder
        self._environment = {**os.environ, **dict(environment)}

    def __enter__(self):
        self._log = open(self._folder / "driver.log", "ab")
        with on_core(SERVER_CORE):
            self._process = subprocess.Popen(self._command, env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                             stderr=self._log, cwd=self._folder, text=True)
        self.tree = Tree(self._process.pid)
        self._answer()
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._log.close()

    def order(self, order, argument):
        print(order, argument, file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self):
        there, _, _ = select.select([self._process.stdout], [], [], ANSWER_SECONDS)
        answer = self._process.stdout.readline().strip() if there else ""
        if answer.startswith("failed"):
            raise Problem(f"{self._command[0]} {answer}")
        if not answer:
            log = (self._folder / "driver.log").read_text(errors="replace")
            raise Problem(f"{self._command[0]} gave no answer: {log[-1500:]}")
        return answer
