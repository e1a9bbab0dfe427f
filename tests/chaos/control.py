"""What the rig asks of a worker, and what the worker tells back: two files per worker.

Files, because they outlive a worker that is killed, and need nothing that a fault may take away.
"""

import json
import os
import time
from pathlib import Path
from typing import Any


class Control:
    """The rig's end: switches by name, seen by the worker at its next look."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._switches: dict[str, Any] = {}
        self._write()

    def set(self, **switches: Any) -> None:
        self._switches.update(switches)
        self._write()

    def reset(self) -> None:
        self._switches = {}
        self._write()

    def _write(self) -> None:
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(self._switches))
        draft.replace(self.path)  # at once, so that nobody reads half of it


class Switches:
    """The worker's end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._switches: dict[str, Any] = {}

    def get(self, name: str, default: Any = None) -> Any:
        found = self._path.stat()
        if (stamp := (found.st_ino, found.st_mtime_ns)) != self._seen:
            self._seen, self._switches = stamp, json.loads(self._path.read_text())
        return self._switches.get(name, default)


class Effects:
    """What faults really did, a line each; a line survives the death of who wrote it."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, name: str, count: int = 1) -> None:
        line = {"t": time.monotonic_ns(), "name": name, "n": count, "pid": os.getpid()}
        os.write(self._handle, json.dumps(line).encode() + b"\n")


def count_effects(path: Path, since: int) -> dict[str, int]:
    """The sum per effect after this moment (monotonic ns)."""
    counts: dict[str, int] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        effect = json.loads(line)
        if effect["t"] >= since:
            counts[effect["name"]] = counts.get(effect["name"], 0) + effect["n"]
    return counts
