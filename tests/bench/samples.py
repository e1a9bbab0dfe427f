"""Where a running server's time goes: py-spy looks at its stacks from the outside."""

import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .servers import ROOT

OURS = f"{ROOT}/livechat_widget/"
PER_SECOND = 250
# Where a file's package begins: the project, what is installed, the standard library.
_ROOTS = re.compile(rf"^{re.escape(str(ROOT))}/(?!\.venv)|^.*/site-packages/|^.*/python3\.\d+/")
Stack = list[str]


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
        self._file = folder / "stacks"
        command = [str(folder / "bin/py-spy"), "record", "--pid", str(pid), "--format", "raw"]
        command += ["--duration", "unlimited", "--rate", str(PER_SECOND), "--threads"]
        command += ["--gil", "--function", "--full-filenames", "--output", str(self._file)]
        self._command = command

    def start(self) -> None:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet)

    def stop(self) -> list[tuple[Stack, int]]:
        """Stacks, the thread first and the running function last, and how often each was seen."""
        self._process.send_signal(signal.SIGINT)
        if self._process.wait() or not self._file.exists():
            raise RuntimeError("py-spy could not look at the server: it needs the right to ptrace.")
        lines = self._file.read_text().splitlines()
        pairs = (line.rpartition(" ") for line in lines)
        return [(stack.split(";"), int(count)) for stack, _, count in pairs]


def by_thread(samples: list[tuple[Stack, int]]) -> Counter[str]:
    return _sum((_thread(stack[0]), count) for stack, count in samples)


def by_function(samples: list[tuple[Stack, int]]) -> Counter[str]:
    """Own time of whatever ran."""
    return _sum((_short(stack[-1]), count) for stack, count in samples)


def by_place(samples: list[tuple[Stack, int]]) -> Counter[str]:
    """Each sample to the innermost function of ours; to the innermost library without one."""
    return _sum((_place(stack), count) for stack, count in samples)


def _place(stack: Stack) -> str:
    ours = next((frame for frame in reversed(stack) if OURS in frame), "")
    if ours:
        return _short(ours)
    package, slash, _ = _short(stack[-1]).partition("/")
    return f"({package if slash else 'Python'} alone)"


def _thread(name: str) -> str:
    """``thread (23973): livechat_7`` without its numbers."""
    return name.rpartition(": ")[2].rstrip("_0123456789")


def _short(frame: str) -> str:
    """``function (/long/path/django/db/query.py:12)`` as ``django/db/query.py function``."""
    function, _, path = frame.rpartition(" (")
    path = path.partition(":")[0].rstrip(")")
    return f"{_ROOTS.sub('', path)} {function}"


def _sum(pairs: Iterator[tuple[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for name, count in pairs:
        total[name] += count
    return total
