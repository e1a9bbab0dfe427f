"""What every party did and saw, as JSON lines with the machine's monotonic clock in ns."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any


class History:
    """One file per trial; lines are flushed at the end, or every thousand."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", buffering=1 << 20)

    def note(self, kind: str, **fields: Any) -> None:
        self._file.write(json.dumps({"t": time.monotonic_ns(), "kind": kind, **fields}) + "\n")

    def close(self) -> None:
        self._file.close()


def digest(text: str) -> str:
    """Short enough to read, long enough to tell any two texts of a run apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
