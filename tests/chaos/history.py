"""What every party did and saw, as JSON lines with the machine's monotonic clock in ns."""

import hashlib
import time
from pathlib import Path
from typing import Any

import msgspec

_json = msgspec.json.Encoder()


class History:
    """One file per trial; lines are flushed at the end, or with every megabyte."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb", buffering=1 << 20)

    def note(self, kind: str, **fields: Any) -> None:
        line = {"t": time.monotonic_ns(), "kind": kind, **fields}
        self._file.write(_json.encode(line) + b"\n")

    def close(self) -> None:
        self._file.close()


def digest(text: str) -> str:
    """Short enough to read, long enough to tell any two texts of a run apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
