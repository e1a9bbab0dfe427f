"""Where a running server's time goes: py-spy looks at its stacks from the outside."""

import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from .meter import threads
from .servers import ROOT

OURS = f"{ROOT}/livechat_widget/"
PER_SECOND = 250
# Where a file's package begins: the project, what is installed, the standard library.
_ROOTS = re.compile(rf"^{re.escape(str(ROOT))}/(?!\.venv)|^.*/site-packages/|^.*/python3\.\d+/")
END_SECONDS = 60
Stack = list[str]


class Look(NamedTuple):
    """Stacks, the thread first and the running function last, how often each was seen, and the
    CPU seconds of each thread as the kernel counts them."""

    stacks: list[tuple[Stack, int]]
    cpu: Counter[str]


@contextmanager
def spy() -> Iterator[Path | None]:
    """py-spy in a folder of its own: a tool of this command, no dependency of the project.

    None where it cannot be installed.
    """
    with tempfile.TemporaryDirectory(prefix="livechat-bench-spy-") as folder:
        install = ["-m", "pip", "install", "--quiet", "--target", folder, "py-spy"]
        done = subprocess.run([sys.executable, *install], stderr=subprocess.DEVNULL, check=False)
        yield None if done.returncode else Path(folder)


class Sampling:
    """From ``start`` to ``stop``."""

    def __init__(self, folder: Path, pid: int) -> None:
        self._pid, self._file = pid, folder / "stacks"
        command = [str(folder / "bin/py-spy"), "record", "--pid", str(pid), "--format", "raw"]
        command += ["--duration", "unlimited", "--rate", str(PER_SECOND), "--threads"]
        command += ["--gil", "--function", "--full-filenames", "--output", str(self._file)]
        self._command = command

    def start(self) -> None:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet)
        self._before = threads(self._pid)

    def stop(self) -> Look:
        after = threads(self._pid)
        self._process.send_signal(signal.SIGINT)
        if self._process.wait(END_SECONDS) or not self._file.exists():
            raise RuntimeError("py-spy could not look at the server: it needs the right to ptrace.")
        lines = self._file.read_text().splitlines()
        pairs = (line.rpartition(" ") for line in lines)
        stacks = [(stack.split(";"), int(count)) for stack, _, count in pairs]
        names = {_number(stack[0]): _thread(stack[0]) for stack, _ in stacks}
        spent = (
            (names.get(one, "others"), s - self._before.get(one, 0)) for one, s in after.items()
        )
        return Look(stacks, _sum(spent))


def by_thread(look: Look) -> Counter[str]:
    return _sum((_thread(stack[0]), count) for stack, count in look.stacks)


def of_thread(look: Look, name: str) -> Look:
    """What one thread did, or all threads of that name."""
    stacks = [one for one in look.stacks if _thread(one[0][0]) == name]
    return Look(stacks, look.cpu)


def by_function(look: Look) -> Counter[str]:
    """Own time of whatever ran."""
    return _sum((_short(stack[-1]), count) for stack, count in look.stacks)


def by_caller(look: Look) -> Counter[str]:
    """The time of a function with all that it calls."""
    return _sum((_short(frame), n) for stack, n in look.stacks for frame in set(stack[1:]))


def by_place(look: Look) -> Counter[str]:
    """Each sample to the innermost function of ours; to the innermost library without one."""
    return _sum((_place(stack), count) for stack, count in look.stacks)


def _place(stack: Stack) -> str:
    ours = next((frame for frame in reversed(stack) if OURS in frame), "")
    if ours:
        return _short(ours)
    package, slash, _ = _short(stack[-1]).partition("/")
    return f"({package if slash else 'Python'} alone)"


def _thread(name: str) -> str:
    """``thread (23973): livechat_7`` without its numbers."""
    return name.rpartition(": ")[2].rstrip("_0123456789")


def _number(name: str) -> int:
    """The kernel's number of a thread, from ``thread (23973): livechat_7``."""
    return int(name.partition("(")[2].partition(")")[0], 0)


def _short(frame: str) -> str:
    """``function (/long/path/django/db/query.py:12)`` as ``django/db/query.py function``."""
    function, _, path = frame.rpartition(" (")
    path = path.partition(":")[0].rstrip(")")
    return f"{_ROOTS.sub('', path)} {function}"


def _sum(pairs: Iterable[tuple[str, Any]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for name, count in pairs:
        total[name] += count
    return total
