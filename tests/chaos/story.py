"""Hand-made histories for the checker's own tests: Vera writes, Ann listens, all is well."""

import json
from pathlib import Path
from typing import Any

from .checker.evidence import SECOND, Evidence, read_evidence
from .checker.ledger import Entry, Event, Ledger
from .history import digest

VERA, ANN = "vera", "ann"


def moment(second: float) -> str:
    return f"2026-01-01T00:00:{second:09.6f}Z"


class Story:
    """Seconds stand for the clock; each test takes the good story and spoils one thing."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.ledger = Ledger(groups={VERA: 0}, threads={VERA: ["t"]}, heads={VERA: (0, 0)})
        self.note(0, "run", bound=5, closes=[1000])
        self.note(0, "party", party="vera's tab", role="customer", customer=VERA)
        self.note(0, "party", party="ann's console", role="agent", author=ANN, groups=[0])
        self.note(1, "conn", party="vera's tab", conn="v1", resumed=False, starts={VERA: 0})
        self.note(1, "conn", party="ann's console", conn="a1", resumed=False, starts={})
        self.say(2, "hello", act="start_chat")
        self.say(3, "are you there")

    def note(self, second: float, kind: str, **fields: Any) -> dict[str, Any]:
        self.lines.append({"t": int(second * SECOND), "kind": kind, **fields})
        return self.lines[-1]

    def say(self, second: float, text: str, act: str = "send_event", author: str = VERA) -> None:
        """Asked, stored, answered, and seen by both, within a second."""
        op, event = f"op {text}", f"event {text}"
        self.note(second, "invoke", op=op, act=act, author=author, custom_id=op, hash=digest(text))
        self.store(second, text, act, author)
        self.note(second + 0.1, "ok", op=op, event=event)
        number = len(self.ledger.entries)
        for party, conn in (("vera's tab", "v1"), ("ann's console", "a1")):
            self.see(second + 0.2, party, conn, number, text if act == "send_event" else None)

    def store(self, second: float, text: str, act: str, author: str) -> None:
        event = f"event {text}"
        self.ledger.events.append(
            Event(event, VERA, "t", author, f"op {text}", text, True, moment(second))
        )
        number = len(self.ledger.entries) + 1
        action = "incoming_chat" if act == "start_chat" else "incoming_event"
        own = None if act == "start_chat" else event
        self.ledger.entries.append(Entry(VERA, number, number, action, own))

    def see(
        self, second: float, party: str, conn: str, seq: int, text: str | None, **more: Any
    ) -> dict[str, Any]:
        about = {
            "stream": VERA,
            "action": "incoming_event" if text else "incoming_chat",
            "event": f"event {text}" if text else None,
            "hash": digest(text) if text else None,
            "request": None,
        }
        return self.note(second, "recv", party=party, conn=conn, seq=seq, **{**about, **more})

    def end(self, second: float = 20) -> None:
        for party, conn in (("vera's tab", "v1"), ("ann's console", "a1")):
            self.note(second, "close", party=party, conn=conn, code=1000, by="done")

    def find(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The last line of this kind with these fields, to be spoilt."""
        return next(
            line
            for line in reversed(self.lines)
            if line["kind"] == kind and fields.items() <= line.items()
        )

    def read(self, folder: Path) -> Evidence:
        path = folder / "history.jsonl"
        path.write_text("\n".join(json.dumps(line) for line in self.lines))
        return read_evidence(path, self.ledger)
