"""The protocol's tables, and the example that each of their members has, by its name."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from livechat_widget.actions.customer import ACTIONS, POSTS, READS, UPLOADS
from livechat_widget.actions.customer.login import CONNECTION
from livechat_widget.errors import LivechatError
from livechat_widget.protocol.events import Event
from livechat_widget.protocol.pushes import PUSHES, Reason
from livechat_widget.protocol.versions import LATEST, VERSIONS

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "tests/protocol/examples"
# Any request may end so; only what an action adds to these stands at the action.
COMMON_ERRORS = (
    "authentication",
    "internal",
    "license_not_found",
    "pending_requests_limit_reached",
    "request_timeout",
    "service_unavailable",
    "too_many_requests",
    "unsupported_version",
    "validation",
)


@dataclass(frozen=True)
class Entry:
    """An action: its types, and how it is asked: by ``socket`` (and POST), ``POST`` or ``GET``."""

    name: str
    request: Any
    answer: Any
    by: str = "socket"
    example: dict[str, Any] = field(default_factory=dict)

    @property
    def about(self) -> str:
        return self.request.__doc__ or ""

    @property
    def request_frame(self) -> dict[str, Any]:
        return {"request_id": "r1", "action": self.name, "payload": self.example["payload"]}

    @property
    def response_frame(self) -> dict[str, Any]:
        head = {"request_id": "r1", "action": self.name, "type": "response", "success": True}
        return {**head, "payload": self.example["answer"]}


def list_actions() -> list[Entry]:
    """First what a connection answers itself, then the registries, in their order."""
    entries = [Entry(name, *types) for name, types in CONNECTION.items()]
    for by, registry in (
        ("socket", ACTIONS),
        ("POST", POSTS),
        ("POST of a form", UPLOADS),
        ("GET", READS),
    ):
        entries += [Entry(one.name, one.request, one.answer, by) for one in registry.values()]
    return [
        Entry(one.name, one.request, one.answer, one.by, example("actions", one.name))
        for one in entries
    ]


def on_socket() -> list[Entry]:
    return [entry for entry in list_actions() if entry.by == "socket"]


def types_of_events() -> dict[str, Any]:
    return {kind.__struct_config__.tag: kind for kind in get_args(Event)}


def types_of_errors() -> dict[str, type[LivechatError]]:
    return {error.type: error for error in LivechatError.__subclasses__()}


def reasons() -> tuple[str, ...]:
    return get_args(Reason)


def members() -> dict[str, list[str]]:
    """Every table whose members have an example: ``<table>/<member>.json``."""
    return {
        "actions": [*CONNECTION, *ACTIONS, *POSTS, *UPLOADS, *READS],
        "pushes": list(PUSHES),
        "events": list(types_of_events()),
        "errors": list(types_of_errors()),
        "reasons": list(reasons()),
    }


def example(table: str, name: str) -> dict[str, Any]:
    """Empty where there is none."""
    path = EXAMPLES / table / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found


def push_frame(name: str) -> dict[str, Any]:
    """The example of a push, as the newest version that has it is sent it."""
    version = next((one for one in reversed(VERSIONS.values()) if name in one.pushes), LATEST)
    head = {"version": version.name, "action": name, "type": "push"}
    return {**head, **example("pushes", name)}
