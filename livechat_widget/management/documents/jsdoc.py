"""The SDK's types: what it makes of each payload, that is in camelCase."""

import json
import re
from typing import Any

from livechat_widget.protocol.pushes import PUSHES

from .schemas import PLACE, VERSIONS, Schema, in_order, make_schemas
from .tables import on_socket

HEAD = """/**
 * What the protocol's payloads are in JavaScript; `wire.js` turns one into the other.
 * Made by: python manage.py livechat_protocol jsdoc
 */

"""


def make() -> str:
    named, schemas = make_schemas()
    entries = on_socket()
    tables = {
        "Requests": {entry.name: named[entry.request] for entry in entries},
        "Answers": {entry.name: named[entry.answer] for entry in entries},
        "Pushes": {name: named[kind] for name, kind in PUSHES.items()},
    }
    used = {one["$ref"].removeprefix(PLACE) for table in tables.values() for one in table.values()}
    types = [_typedef(name, schema) for name, schema in in_order(used, schemas)]
    return HEAD + "\n".join([*types, *map(_table, tables, tables.values())]) + "\nexport {};\n"


def _typedef(name: str, schema: Schema) -> str:
    about = _comment(schema.get("description", ""))
    if not schema.get("properties"):
        return f"/** @typedef {{Record<string, never>}} {name}{about and ' ' + about} */\n"
    required = schema.get("required", ())
    lines = [f" * @typedef {{object}} {name}{about and ' ' + about}"]
    for wire, member in schema["properties"].items():
        key = _camel(wire) if wire in required else f"[{_camel(wire)}]"
        when = schema.get(VERSIONS, {}).get(wire, "")
        lines.append(f" * @property {{{_type(member, wire)}}} {key}{when and ' ' + when}")
    return "\n".join(["/**", *lines, " */"]) + "\n"


def _table(name: str, members: dict[str, Schema]) -> str:
    lines = [f" * @property {{{_type(schema)}}} {key}" for key, schema in members.items()]
    return "\n".join(["/**", f" * @typedef {{object}} {name} by name", *lines, " */"]) + "\n"


def _type(schema: Schema, name: str = "") -> str:
    if name == "session_fields":
        return "Record<string, string>"
    if "$ref" in schema:
        return str(schema["$ref"].removeprefix(PLACE))
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(json.dumps(one) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"Array<{_type(schema.get('items', {}))}>"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return f"Record<string, {_type(inner) if isinstance(inner, dict) else 'any'}>"
    return _SCALARS.get(schema.get("type", ""), "any")


_SCALARS = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def _camel(name: str) -> str:
    """As ``fromWire`` does it."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def _comment(text: Any) -> str:
    return str(text).replace("``", "`").replace("*/", "")
