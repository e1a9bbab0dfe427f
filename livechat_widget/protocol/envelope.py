"""What is around every payload on a socket."""

from typing import Any, Literal

from msgspec import UNSET, Raw, Struct, UnsetType


class Request(Struct):
    """A frame from a client; ``payload`` is decoded once the action is known."""

    action: str
    request_id: str | UnsetType = UNSET
    version: str | UnsetType = UNSET
    payload: Raw = Raw(b"{}")


class Response(Struct, kw_only=True):
    """The one answer to a request; on failure ``payload`` is ``{"error": {...}}``."""

    request_id: str | UnsetType = UNSET
    action: str
    success: bool
    payload: Any
    type: Literal["response"] = "response"


class Push(Struct):
    """Something that happened. ``seq`` numbers durable pushes, ``html`` is drawn on request.

    ``request_id``: it settles that request of this connection.
    """

    version: str
    action: str
    payload: Any
    seq: int | UnsetType = UNSET
    html: str | UnsetType = UNSET
    request_id: str | UnsetType = UNSET
    type: Literal["push"] = "push"


class Error(Struct):
    """``message`` is for a developer: what is wrong, and what to do next."""

    type: str
    message: str
    data: dict[str, Any] | UnsetType = UNSET


class Failure(Struct):
    """The payload of a response without success, and the body of a failed request over HTTP."""

    error: Error
