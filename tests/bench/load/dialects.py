"""How one talks to each server: log in, send a message, tell acknowledgements from pushes.

Every message starts with its number in its room, as in ``#12 some text``.
"""

import os
from typing import Any, NamedTuple, Protocol

import msgspec

from .wire import Wire

Member = dict[str, Any]


class Heard(NamedTuple):
    """A frame that is about message ``number``: its acknowledgement or refusal, or its push."""

    number: int
    is_ack: bool
    refused: bool = False


class Dialect(Protocol):
    acknowledges: bool

    async def greet(self, wire: Wire, member: Member) -> None: ...
    def request(self, member: Member, number: int, text: str) -> bytes: ...
    def read(self, frame: bytes) -> Heard | None: ...


class _Event(msgspec.Struct):
    text: str = ""


class _Payload(msgspec.Struct):
    event: _Event | None = None
    error: Any = None


class _Frame(msgspec.Struct):
    action: str
    type: str = ""
    request_id: str = ""
    success: bool = True
    payload: _Payload | None = None


class Livechat:
    """This project: the Customer Chat API, with ``custom_id`` as every careful client sends it."""

    acknowledges = True

    def __init__(self) -> None:
        self._decode = msgspec.json.Decoder(_Frame).decode
        self._encode = msgspec.json.Encoder().encode
        # A later run in the same room must not seem to repeat the messages of this one.
        self._run = os.urandom(4).hex()

    async def greet(self, wire: Wire, member: Member) -> None:
        login = {"request_id": "login", "action": "login", "payload": member["login"]}
        wire.send(self._encode(login))
        while True:
            frame = self._decode(await wire.receive())
            if frame.request_id == "login" and frame.type == "response":
                break
        if not frame.success:
            raise RuntimeError(f"A login was refused: {frame.payload}")

    def request(self, member: Member, number: int, text: str) -> bytes:
        event = {
            "type": "message",
            "custom_id": f"{self._run}-{member['chat_id']}-{number}",
            "text": text,
        }
        payload = {"chat_id": member["chat_id"], "event": event}
        return self._encode({"request_id": str(number), "action": "send_event", "payload": payload})

    def read(self, frame: bytes) -> Heard | None:
        said = self._decode(frame)
        if said.type == "response":
            return Heard(int(said.request_id), True, not said.success)
        event = said.payload.event if said.payload and said.action == "incoming_event" else None
        return Heard(_number(event.text), False) if event and event.text[:1] == "#" else None


class _Note(msgspec.Struct):
    type: str
    id: int
    text: str = ""


class Control:
    """The hand-written consumer: {id, text} in, an ack and the room's message out."""

    acknowledges = True

    def __init__(self) -> None:
        self._decode = msgspec.json.Decoder(_Note).decode
        self._encode = msgspec.json.Encoder().encode

    async def greet(self, wire: Wire, member: Member) -> None:
        """The room is part of the address: who is connected is in it."""

    def request(self, member: Member, number: int, text: str) -> bytes:
        return self._encode({"id": number, "text": text})

    def read(self, frame: bytes) -> Heard | None:
        note = self._decode(frame)
        if note.type == "ack":
            return Heard(note.id, True)
        return Heard(_number(note.text), False)


class Plain:
    """Servers that send on the text as it came: the echo, and the relay to a group."""

    acknowledges = False

    async def greet(self, wire: Wire, member: Member) -> None:
        """Who is connected has arrived."""

    def request(self, member: Member, number: int, text: str) -> bytes:
        return text.encode()

    def read(self, frame: bytes) -> Heard | None:
        return Heard(_number(frame.decode()), False)


class SocketIo:
    """Engine.IO 4 over WebSocket alone: 0 open, 2/3 ping and pong, 42 event, 43 its ack."""

    acknowledges = True

    async def greet(self, wire: Wire, member: Member) -> None:
        await wire.receive()
        wire.send(b"40")
        await wire.receive()
        wire.send(b'420["join",' + msgspec.json.encode(member["room"]) + b"]")
        await wire.receive()

    def request(self, member: Member, number: int, text: str) -> bytes:
        return f"42{number}".encode() + msgspec.json.encode(["message", text])

    def read(self, frame: bytes) -> Heard | None:
        if frame.startswith(b"43"):
            return Heard(int(frame[2 : frame.index(b"[")]), True)
        if frame.startswith(b"42"):
            return Heard(_number(msgspec.json.decode(frame[2:])[1]["text"]), False)
        return None


def _number(text: str) -> int:
    return int(text[1 : text.index(" ")])


DIALECTS: dict[str, type[Dialect]] = {
    "livechat": Livechat,
    "control": Control,
    "plain": Plain,
    "socketio": SocketIo,
}
