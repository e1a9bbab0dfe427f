"""The load generator, from the outside: start it with a job, follow its lines, judge its result."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Any

from .servers import ROOT

# Far above what any of it takes: a server that hangs ends its part of the bench, not all of it.
CONNECT_SECONDS = 150
SPARE_SECONDS = 60
Job = dict[str, Any]
Result = dict[str, Any]


class Generator:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def expect(self, line: str, seconds: float, what: str) -> None:
        found = self.read(seconds, what)
        if found != line:
            raise RuntimeError(f"The load generator said {found!r} instead of {line!r}.")

    def read(self, seconds: float, what: str) -> str:
        """The next line; one that does not come in time ends the generator."""
        assert self._process.stdout
        timer = Timer(seconds, self._process.kill)
        timer.start()
        line = self._process.stdout.readline().strip()
        if line:
            timer.cancel()
            return line
        self._process.wait()
        if timer.finished.is_set():
            raise TimeoutError(f"Waited {seconds:.0f} s for {what}.")
        timer.cancel()
        raise RuntimeError(f"The load generator broke off before {what}; see above.")

    def wait_for_crowd(self) -> None:
        self.expect("there", CONNECT_SECONDS, "a crowd to log in")

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
                process.wait(SPARE_SECONDS)
            finally:
                process.kill()


def play(job: Job, start: Callable[[], Any], stop: Callable[[], Any]) -> Result:
    """Run a job with phases; ``start`` and ``stop`` are called around each window.

    What ``stop`` gives is the ``cost`` of the phase.
    """
    costs = []
    with generate(job) as generator:
        for phase in job["phases"]:
            kind, seconds = phase["kind"], phase.get("seconds", 0) + SPARE_SECONDS
            generator.expect("begin", CONNECT_SECONDS, f"all to log in, and for phase {kind}")
            start()
            generator.expect("end", seconds, f"the end of phase {kind}")
            costs.append(stop())
        result = json.loads(generator.read(SPARE_SECONDS, "the last messages to arrive"))
    for phase, cost in zip(result["phases"], costs, strict=True):
        phase["cost"] = cost
    return result
