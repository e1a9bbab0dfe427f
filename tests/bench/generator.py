"""The load generator, from the outside: start it with a job, follow its lines, judge its result."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .servers import ROOT

# Above this share of one core the generator, not the server, might be what is measured.
MOST_CPU = 0.9
Job = dict[str, Any]
Result = dict[str, Any]


class Generator:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def expect(self, line: str) -> None:
        found = self.read()
        if found != line:
            raise RuntimeError(f"The load generator said {found!r} instead of {line!r}.")

    def read(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline().strip()
        if not line:
            self._process.wait()
            raise RuntimeError("The load generator broke off; its traceback is above.")
        return line

    def go_on(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()


@contextmanager
def generate(job: Job) -> Iterator[Generator]:
    with tempfile.NamedTemporaryFile("w", prefix="livechat-bench-", suffix=".json") as file:
        json.dump(job, file)
        file.flush()
        command = [sys.executable, "-m", "tests.bench.load", file.name]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
            try:
                yield Generator(process)
                process.wait(60)
            finally:
                process.kill()


def play(job: Job, start: Callable[[], Any], stop: Callable[[], Any]) -> Result:
    """Run a job with phases; ``start`` and ``stop`` are called around each window.

    What ``stop`` gives is the ``cost`` of the phase.
    """
    costs = []
    with generate(job) as generator:
        for _ in job["phases"]:
            generator.expect("begin")
            start()
            generator.expect("end")
            costs.append(stop())
        result = json.loads(generator.read())
    for phase, cost in zip(result["phases"], costs, strict=True):
        phase["cost"] = cost
        if phase["generator"] > MOST_CPU:
            busy = f"{phase['generator']:.0%} of a core"
            raise RuntimeError(f"The load generator was the bottleneck: it took {busy}.")
    return result
