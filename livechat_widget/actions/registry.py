"""The actions of a door, found by name: a request Struct and the function right below it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, get_args, get_type_hints

import msgspec
from msgspec import Raw, Struct

from ..domain import events
from ..domain.batch import Command, Done
from ..domain.organizations import GENERAL_GROUP
from ..errors import ValidationFailed
from ..models import Customer, Organization
from ..protocol.pushes import Push
from ..protocol.versions import Version


@dataclass
class Caller:
    """The customer who asks, the version they speak, and the group they logged in to; over HTTP the
    origin that was asked."""

    customer: Customer
    version: Version
    group_number: int | None = None
    referrer: str = ""
    site: str = ""

    @property
    def group(self) -> int:
        """The group that the customer is in."""
        return GENERAL_GROUP if self.group_number is None else self.group_number


@dataclass
class Onlooker:
    """Who asks for what everybody may know: the organization, and the page's host and language."""

    organization: Organization
    host: str
    language: str


class Nothing(Struct):
    """No members: it was done."""


P = TypeVar("P")


@dataclass
class Answer(Generic[P]):
    """A response with a payload of this type.

    ``settles`` names the entry (stream, number) whose push carries the request id.
    ``repeat`` is that push itself, for a retry whose entry went out long ago, and for what goes to
    agents only: it goes to the asking connection alone. ``keep_seconds``: how long caches may
    keep it.
    """

    payload: P = field(default_factory=Nothing)  # type: ignore[assignment]  # where P is that
    settles: tuple[int, int] | None = None
    repeat: Push | None = None
    keep_seconds: int = 0


Function = Callable[[Any, Any], Answer[Any]]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Hot:
    """An action that the writer may do together with others: its command, and then its answer."""

    command: Callable[[Caller, Any], Command]
    answer: Callable[[Done], Answer[Any]]

    def run(self, caller: Caller, request: Any) -> Answer[Any]:
        return self.answer(events.perform(self.command(caller, request)))


@dataclass(frozen=True)
class Action:
    """One entry of the registry; ``hot`` where a socket hands it to the writer."""

    name: str
    request: type[Struct]
    answer: Any
    run: Function
    hot: Hot | None = None

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


def convert(query: Mapping[str, str], kind: type[Any]) -> Any:
    """The same from a query or a form, where everything is text."""
    try:
        return msgspec.convert(query, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValidationFailed(f"query: {error}") from error


class Registry(dict[str, Action]):
    """The name of a function is that of its action."""

    def action(self, function: Function) -> Function:
        """The function does it and answers."""
        self._add(function, function, function)
        return function

    def command(self, answer: Callable[[Any], Answer[Any]]) -> Callable[[F], F]:
        """The function gives a command; ``answer`` makes the answer of what came of it."""

        def add(function: F) -> F:
            hot = Hot(function, answer)
            self._add(function, answer, hot.run, hot)
            return function

        return add

    def _add(
        self,
        named: Callable[..., Any],
        answering: Callable[..., Answer[Any]],
        run: Function,
        hot: Hot | None = None,
    ) -> None:
        name = named.__name__
        request = get_type_hints(named)["request"]
        answer = get_args(get_type_hints(answering)["return"])
        if not answer:
            raise TypeError(f"{name}: say what it answers, as in -> Answer[Nothing]")
        self[name] = Action(name, request, answer[0], run, hot)
