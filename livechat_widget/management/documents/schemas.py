"""JSON Schema of the protocol's types, each under its class's name."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET, Raw, defstruct, structs

from livechat_widget.protocol import envelope
from livechat_widget.protocol.pushes import PUSHES
from livechat_widget.protocol.shapes import spans_of
from livechat_widget.protocol.versions import MEMBERS, Spans

from .tables import list_actions, types_of_events

Schema = dict[str, Any]
PLACE = "#/components/schemas/"
VERSIONS = "x-versions"


def make_schemas() -> tuple[dict[Any, Schema], dict[str, Schema]]:
    """What stands for each type (mostly a reference), and what the references lead to."""
    entries = list_actions()
    kinds: list[Any] = [
        *(entry.request for entry in entries),
        *(entry.answer for entry in entries),
        *PUSHES.values(),
        *types_of_events().values(),
        _request(),
        envelope.Response,
        envelope.Push,
        envelope.Failure,
    ]
    found, components = msgspec.json.schema_components(
        kinds, schema_hook=_any, ref_template=PLACE + "{name}"
    )
    named = dict(zip(kinds, map(_plain, found), strict=True))
    spans = {kind.__name__: spans_of(kind) for kind in kinds if isinstance(kind, type)}
    return named, {
        name: {**_plain(schema), **_versions(spans.get(name) or MEMBERS.get(name, {}))}
        for name, schema in components.items()
    }


def _versions(spans: Spans) -> Schema:
    """Which versions have a member, where not all have it."""
    return {VERSIONS: {name: str(span) for name, span in spans.items()}} if spans else {}


def _request() -> Any:
    """As the envelope is, but for the undecoded payload, of which there is no schema."""
    fields = [
        (one.name, Any, UNSET) if one.type is Raw else (one.name, one.type, one.default)
        for one in structs.fields(envelope.Request)
    ]
    return defstruct("Request", fields, namespace={"__doc__": envelope.Request.__doc__})


def _any(kind: type) -> Schema:
    return {}


def _plain(schema: Any) -> Any:
    """Without ``discriminator``, which AsyncAPI has in another shape; types have tags anyway."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: " ".join(value.split()) if _is_text(key, value) else _plain(value)
        for key, value in schema.items()
        if key != "discriminator" or not isinstance(value, dict) or "propertyName" not in value
    }


def _is_text(key: str, value: Any) -> bool:
    """A member may have the name ``description`` as well."""
    return key == "description" and isinstance(value, str)


def in_order(names: Iterable[str], schemas: dict[str, Schema]) -> list[tuple[str, Schema]]:
    """These and all that they refer to, by name."""
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += references(schemas[name])
    return [(name, schemas[name]) for name in sorted(wanted)]


def references(schema: Any) -> list[str]:
    """The names that it refers to."""
    if isinstance(schema, list):
        return [name for one in schema for name in references(one)]
    if not isinstance(schema, dict):
        return []
    own = [schema["$ref"].removeprefix(PLACE)] if "$ref" in schema else []
    return own + [name for value in schema.values() for name in references(value)]
