"""Entries as frames: each is encoded once for every encoding that somebody listens in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from ..models import StreamEntry
from ..protocol import envelope
from ..protocol.shapes import shape
from ..protocol.versions import VERSIONS
from ..protocol.views import View
from . import log, present
from .draw import fragment
from .state import ChatState, load_chat, load_recent_events

_json = msgspec.json.Encoder()


class Encoding(NamedTuple):
    """How a connection wants its pushes. ``language`` is set where it wants fragments too."""

    view: View
    version: str
    language: str = ""


@dataclass
class Item:
    """An entry, ready to be sent. ``frames`` has no member for those who must not get it."""

    stream_id: int
    action: str
    seq: int
    public_seq: int | None
    frames: dict[Encoding, bytes]

    def number(self, view: View) -> int:
        return self.public_seq or 0 if view is View.CUSTOMER else self.seq


@dataclass
class Page:
    """Some entries of a stream, and the state of the chat that they were drawn with, if any."""

    items: list[Item]
    state: ChatState | None = None


def read(stream_id: int, view: View, number: int, encodings: Collection[Encoding]) -> Page:
    """The next page of a stream after this number of the view, in these encodings."""
    entries = log.after(stream_id, view, number)
    state = _load_state(stream_id, entries, encodings)
    return Page(encode(entries, state, encodings), state)


def encode(
    entries: Iterable[StreamEntry], state: ChatState | None, encodings: Collection[Encoding]
) -> list[Item]:
    """Runs no query: entries come with their events, and with the state where it is needed."""
    return [_item(entry, state, encodings) for entry in entries]


def need_state(actions: Collection[str], encodings: Collection[Encoding]) -> bool:
    """Whether these pushes can be encoded only by who knows the chat."""
    drawn = any(encoding.language or encoding.view is View.AGENT for encoding in encodings)
    return drawn or not present.NEED_STATE.isdisjoint(actions)


def encode_push(encoding: Encoding, action: str, payload: Any) -> bytes | None:
    """A push outside the log; None where this encoding does not have it."""
    if not _has(encoding, action):
        return None
    shaped = shape(payload, VERSIONS[encoding.version])
    return _json.encode(envelope.Push(encoding.version, action, shaped))


def _load_state(
    stream_id: int, entries: list[StreamEntry], encodings: Collection[Encoding]
) -> ChatState | None:
    if not entries or not need_state({entry.action for entry in entries}, encodings):
        return None
    state = load_chat(stream_id)
    if state is not None:
        load_recent_events(state, up_to=entries[-1].created_at)
    return state


def _item(entry: StreamEntry, state: ChatState | None, encodings: Collection[Encoding]) -> Item:
    frames = {
        encoding: _frame(entry, state, encoding)
        for encoding in encodings
        if _has(encoding, entry.action)
        and (encoding.view is View.AGENT or entry.public_seq is not None)
    }
    return Item(
        stream_id=entry.stream_id,
        action=entry.action,
        seq=entry.seq,
        public_seq=entry.public_seq,
        frames=frames,
    )


def _has(encoding: Encoding, action: str) -> bool:
    return encoding.view is View.AGENT or action in VERSIONS[encoding.version].pushes


def _frame(entry: StreamEntry, state: ChatState | None, encoding: Encoding) -> bytes:
    view = encoding.view
    html = fragment(entry, state, view, encoding.language) if encoding.language and state else UNSET
    push = envelope.Push(
        version=encoding.version,
        action=entry.action,
        payload=shape(present.push(entry, state, view), VERSIONS[encoding.version]),
        seq=(entry.public_seq or 0) if view is View.CUSTOMER else entry.seq,
        html=html or UNSET,
    )
    return _json.encode(push)
