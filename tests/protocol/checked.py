"""Whether a frame is what the protocol's types say: nothing of another type, and nothing more."""

from collections.abc import Iterator
from typing import Any

import msgspec

from livechat_widget.management.documents.tables import (
    COMMON_ERRORS,
    example,
    on_socket,
    types_of_errors,
)
from livechat_widget.protocol import envelope
from livechat_widget.protocol.pushes import PUSHES
from livechat_widget.protocol.shapes import shape
from livechat_widget.protocol.versions import LATEST, VERSIONS

Frame = dict[str, Any]
ACTIONS = {entry.name: entry for entry in on_socket()}
MEMBERS = set(envelope.Request.__struct_fields__)


def check_exchange(request: Frame | None, response: Frame, version: str = LATEST.name) -> None:
    """A request, if it is known, and its answer; one that was refused may be anything."""
    version = (request or {}).get("version", version)
    check(response, envelope.Response)
    action = ACTIONS.get(response["action"])
    if not response["success"]:
        failure = check(response["payload"], envelope.Failure)
        check_error(failure["error"]["type"], action.name if action else "")
    elif action:
        assert VERSIONS[version].has_action(action.name), f"{version} has no {action.name}"
        check(response["payload"], action.answer, version)
        if request is not None:
            assert request.keys() <= MEMBERS, f"a request has no {request.keys() - MEMBERS}"
            check(request.get("payload", {}), action.request)


def check_error(kind: str, action: str) -> None:
    assert kind in types_of_errors(), f"{kind} is no documented error"
    if action and kind not in COMMON_ERRORS:
        file = f"tests/protocol/examples/actions/{action}.json"
        assert kind in example("actions", action)["errors"], f"add {kind} to the errors in {file}"


def check_push(push: Frame, version: str, settles: str = "") -> None:
    """``settles``: the action of the request whose id it carries."""
    check(push, envelope.Push)
    action = push["action"]
    assert action in VERSIONS[version].pushes, f"{version} has no push {action}"
    check(push["payload"], PUSHES[action], version)
    if settles:
        assert VERSIONS[version].settled_by_push[settles] == action


def check(value: Any, kind: Any, version: str = LATEST.name) -> Any:
    """The value, of which nothing must be lost in the type as the version has it."""
    known = msgspec.to_builtins(shape(msgspec.convert(value, kind), VERSIONS[version]))
    extra = ", ".join(_extra(value, known))
    assert not extra, f"{getattr(kind, '__name__', kind)} has no {extra}"
    return known


def _extra(value: Any, known: Any, path: str = "") -> Iterator[str]:
    """The members that the type does not know, by their paths."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in known:
                yield f"{path}{key}"
            else:
                yield from _extra(inner, known[key], f"{path}{key}.")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _extra(inner, known[index], f"{path}{index}.")
