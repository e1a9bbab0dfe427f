"""What is around every payload on a socket."""

from typing import Any, Literal

from msgspec import UNSET, Raw, Struct, UnsetType


class Request(Struct):
    """A frame from a client; ``payload`` is decoded once the action is known."""

    action: str
    request_id: str | UnsetType = UNSET
    version: str | UnsetType = UNSET
    payload: Raw = Raw(b"{}")


class Response(Struct):
    """The one answer to a request; on failure ``payload`` is ``{"error": {...}}``."""

    request_id: str | UnsetType
    action: str
    success: bool
    payload: Any
    type: Literal["response"] = "response"


class Push(Struct):
    """Something that happened. ``seq`` numbers durable pushes, ``html`` is drawn on request."""

    version: str
    action: str
    payload: Any
    seq: int | UnsetType = UNSET
    html: str | UnsetType = UNSET
    type: Literal["push"] = "push"
