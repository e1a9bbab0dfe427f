"""The page of the docs: a template that is written by hand, and lists made from the tables."""

import json
from collections.abc import Callable
from textwrap import fill
from typing import Any

from livechat_widget.errors import LivechatError
from livechat_widget.protocol.pushes import PUSHES
from livechat_widget.protocol.versions import ACTIONS, PUSHED, SETTLED, Spans

from .schemas import PLACE, Schema, make_schemas, references
from .schemas import VERSIONS as BY_VERSION
from .tables import (
    COMMON_ERRORS,
    ROOT,
    Entry,
    list_actions,
    push_frame,
    reasons,
    types_of_errors,
)

TEMPLATE = ROOT / "docs/templates/protocol.md"


def make() -> str:
    text = TEMPLATE.read_text(encoding="utf-8")
    for mark, write in _LISTS.items():
        text = text.replace(f"<!-- {mark} -->", write())
    return text


def _actions(*doors: str) -> Callable[[], str]:
    def write() -> str:
        named, schemas = make_schemas()
        entries = [entry for entry in list_actions() if entry.by in doors]
        return "\n\n".join(_action(entry, named, schemas) for entry in entries)

    return write


def _action(entry: Entry, named: dict[Any, Schema], schemas: dict[str, Schema]) -> str:
    sent = entry.example
    errors = [one for one in sent["errors"] if one not in COMMON_ERRORS]
    parts = [
        f"### `{entry.name}`",
        _words(entry.about + _when("Taken", ACTIONS, entry.name)),
        _members("request" if entry.by == "socket" else entry.by, named[entry.request], schemas),
        _members("answer", named[entry.answer], schemas),
        _settled(entry.name),
        f"Causes: {_names(sent['causes'])}." if sent["causes"] else "",
        f"Errors besides the common ones: {_names(errors)}." if errors else "",
        _sample(sent["payload"], sent["answer"]),
    ]
    return "\n\n".join(part for part in parts if part)


def _settled(action: str) -> str:
    """By which push, in which versions."""
    if action not in SETTLED:
        return ""
    push, span = SETTLED[action]
    return f"Settled by the push `{push}`{str(span) and f' {span}'}."


def _pushes() -> str:
    named, schemas = make_schemas()
    return "\n\n".join(
        "\n\n".join(
            (
                f"### `{name}`",
                _words((kind.__doc__ or "") + _when("Sent", PUSHED, name)),
                _members("payload", named[kind], schemas),
                _sample(push_frame(name)),
            )
        )
        for name, kind in PUSHES.items()
    )


def _when(verb: str, spans: Spans, name: str) -> str:
    return f" {verb} {spans[name]}." if name in spans else ""


def _objects() -> str:
    _, schemas = make_schemas()
    return "\n\n".join(_object(name, schemas) for name in sorted(_shared(schemas)))


def _shared(schemas: dict[str, Schema]) -> set[str]:
    """What is a part of something else."""
    return {name for schema in schemas.values() for name in references(schema)}


def _object(name: str, schemas: dict[str, Schema]) -> str:
    about = _words(schemas[name].get("description", ""))
    table = _members("members", {"$ref": PLACE + name}, schemas)
    return "\n\n".join(part for part in (f"### {name}", about, table) if part)


def _errors() -> str:
    rows = [
        f"| `{name}` | {_statuses(error)} | {error.default} |"
        for name, error in types_of_errors().items()
    ]
    head = ["| type | HTTP | what it says, if nothing more exact |", "|---|---|---|"]
    return "\n".join([*head, *rows])


def _statuses(error: type[LivechatError]) -> str:
    statuses = {one.status for one in [error, *error.__subclasses__()]}
    return ", ".join(str(status) for status in sorted(statuses))


def _reasons() -> str:
    return _words(_names(reasons()))


def _common() -> str:
    return _words(_names(COMMON_ERRORS))


_LISTS: dict[str, Callable[[], str]] = {
    "actions": _actions("socket"),
    "actions over HTTP": _actions("POST", "POST of a form", "GET"),
    "pushes": _pushes,
    "objects": _objects,
    "errors": _errors,
    "common errors": _common,
    "reasons": _reasons,
}


def _members(title: str, schema: Schema, schemas: dict[str, Schema]) -> str:
    """A table of an object's members; a line for what is no object with members."""
    if "$ref" not in schema:
        return f"*{title}:* {_type(schema)}"
    name = schema["$ref"].removeprefix(PLACE)
    found = schemas[name]
    if title == "answer" and name in _shared(schemas):
        return f"*{title}:* {_type(schema)}"
    if not found.get("properties"):
        return f"*{title}:* nothing"
    versions = found.get(BY_VERSION, {})
    rows = [
        f"| `{name}`{'' if name in found.get('required', ()) else '?'}"
        f" | {_type(member)}{', ' + versions[name] if name in versions else ''} |"
        for name, member in found["properties"].items()
    ]
    return "\n".join([f"| {title} | |", "|---|---|", *rows])


def _type(schema: Schema) -> str:
    """In words, with the limits."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(PLACE)
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(one)}`" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}" + _limits(schema, "Items")
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties", {})
        return f"map to {_type(inner if isinstance(inner, dict) else {})}"
    return str(schema.get("type", "anything")) + _limits(schema, "Length") + _limits(schema, "imum")


def _limits(schema: Schema, of: str) -> str:
    unit = {"Items": "", "Length": " characters", "imum": ""}[of]
    least, most = schema.get(f"min{of}"), schema.get(f"max{of}")
    if most is None:
        return "" if least is None else f" (at least {least}{unit})"
    return f" (at most {most}{unit})" if least is None else f" ({least} to {most}{unit})"


def _sample(*values: Any) -> str:
    marks = ("→ ", "← ") if len(values) == 2 else ("",)
    lines = [
        f"    {mark}{line}" if index == 0 else f"    {' ' * len(mark)}{line}"
        for mark, value in zip(marks, values, strict=True)
        for index, line in enumerate(_wrap(value))
    ]
    return "\n".join(lines)


def _wrap(value: Any, before: str = "", width: int = 92) -> list[str]:
    """JSON in lines, each as full as may be."""
    line = before + json.dumps(value, ensure_ascii=False)
    if len(line) <= width or not isinstance(value, dict | list) or not value:
        return [line]
    named = isinstance(value, dict)
    items = list(value.items()) if isinstance(value, dict) else [("", one) for one in value]
    inner = [_wrap(one, f"{json.dumps(key)}: " if named else "", width - 2) for key, one in items]
    body = [f"  {line}" for lines in inner for line in [*lines[:-1], lines[-1] + ","]]
    opening, closing = "{}" if named else "[]"
    return [before + opening, *body[:-1], body[-1].removesuffix(","), closing]


def _words(text: str) -> str:
    words = " ".join(text.replace("``", "`").split())
    return fill(words, 104, break_long_words=False, break_on_hyphens=False)


def _names(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)
