"""The actions of a door, found by name: a request Struct and the function right below it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_type_hints

import msgspec
from msgspec import Raw, Struct

from ..errors import ValidationFailed
from ..models import Customer
from ..protocol.pushes import Push
from ..protocol.versions import Version


@dataclass
class Caller:
    """The customer who asks, the version they speak, and the group they logged in to."""

    customer: Customer
    version: Version
    group_number: int | None = None


@dataclass
class Answer:
    """A response. ``settles`` names the entry (stream, number) whose push carries the request id.

    ``repeat`` is that push itself, for a retry whose entry went out long ago: it goes to the
    asking connection alone.
    """

    payload: Any = field(default_factory=dict)
    settles: tuple[int, int] | None = None
    repeat: Push | None = None


@dataclass(frozen=True)
class Action:
    """One entry of the registry."""

    name: str
    request: type[Struct]
    run: Callable[[Caller, Any], Answer]

    def decode(self, payload: Raw) -> Any:
        """The request; raises ``ValidationFailed`` with the path to what is wrong."""
        return decode(payload, self.request)


def decode(payload: Raw | bytes, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(payload, type=kind)
    except msgspec.ValidationError as error:
        raise ValidationFailed(f"payload: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValidationFailed("The payload is not valid JSON.") from error


class Registry(dict[str, Action]):
    """Add a function with ``@registry.action``; its name is that of the action."""

    def action(self, function: Callable[[Caller, Any], Answer]) -> Callable[[Caller, Any], Answer]:
        request = get_type_hints(function)["request"]
        self[function.__name__] = Action(function.__name__, request, function)
        return function
