"""The socket as an AsyncAPI document: a channel for each version, an operation for each action."""

import json
from importlib.metadata import version as version_of
from typing import Any

from livechat_widget.protocol.pushes import PUSHES
from livechat_widget.protocol.versions import VERSIONS, Version
from livechat_widget.sockets.connection import Acknowledgement

from .schemas import PLACE, make_schemas
from .tables import Entry, on_socket, push_frame

Part = dict[str, Any]


def make() -> str:
    named, schemas = make_schemas()
    entries = on_socket()
    pushes = [name for name in PUSHES if any(name in one.pushes for one in VERSIONS.values())]
    messages = {"ack": _message("ack", _request("ack", _acknowledgement()), [])}
    for entry in entries:
        messages[f"{entry.name}.request"] = _message(
            entry.name, _request(entry.name, named[entry.request]), [entry.request_frame]
        )
        messages[f"{entry.name}.response"] = _message(
            entry.name, _response(entry.name, named[entry.answer]), [entry.response_frame]
        )
    for name in pushes:
        schema = _push(name, named[PUSHES[name]])
        messages[f"{name}.push"] = _message(name, schema, [push_frame(name)])
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "livechat_widget, customer socket",
            "version": version_of("django-livechat-widget"),
            "description": "Below the prefix under which the site includes its addresses.",
            "license": {"name": "BSD-3-Clause"},
        },
        "defaultContentType": "application/json",
        "channels": {
            _channel_name(version): _channel(version, messages) for version in VERSIONS.values()
        },
        "operations": _operations(entries, pushes),
        "components": {"messages": messages, "schemas": schemas},
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _channel_name(version: Version) -> str:
    return f"customer-{version.name}"


def _channel(version: Version, messages: dict[str, Part]) -> Part:
    names = [one for one in messages if _has(version, *one.split("."))]
    query = {"type": "object", "properties": {version.organization_parameter: {"type": "string"}}}
    return {
        "address": f"v{version.name}/customer/rtm/ws",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"ws": {"query": {**query, "required": [version.organization_parameter]}}},
    }


def _has(version: Version, name: str, kind: str = "") -> bool:
    return name in version.pushes if kind == "push" else version.has_action(name)


def _operations(entries: list[Entry], pushes: list[str]) -> Part:
    operations: Part = {}
    for version in VERSIONS.values():
        channel = f"#/channels/{_channel_name(version)}"
        operations[f"{version.name}.ack"] = _operation(channel, "receive", "ack")
        for entry in entries:
            if not version.has_action(entry.name):
                continue
            asked = _operation(channel, "receive", f"{entry.name}.request")
            answered = _operation(channel, "", f"{entry.name}.response")
            reply = {key: answered[key] for key in ("channel", "messages")}
            settled = version.settled_by_push.get(entry.name)
            note = {"description": f"Settled by the push {settled}."} if settled else {}
            operations[f"{version.name}.{entry.name}"] = {**asked, **note, "reply": reply}
        for name in pushes:
            if name in version.pushes:
                operation = _operation(channel, "send", f"{name}.push")
                operations[f"{version.name}.{name}"] = operation
    return operations


def _operation(channel: str, action: str, message: str) -> Part:
    messages = [{"$ref": f"{channel}/messages/{message}"}]
    return {"action": action, "channel": {"$ref": channel}, "messages": messages}


def _message(name: str, schema: Part, frames: list[Part]) -> Part:
    examples = [{"payload": frame} for frame in frames if "payload" in frame]
    return {"name": name, "payload": schema, **({"examples": examples} if examples else {})}


def _request(action: str, payload: Part) -> Part:
    return _frame("Request", {"action": {"const": action}, "payload": payload})


def _response(action: str, payload: Part) -> Part:
    failed = {"$ref": f"{PLACE}Failure"}
    outcomes = [
        {"properties": {"success": {"const": True}, "payload": payload}},
        {"properties": {"success": {"const": False}, "payload": failed}},
    ]
    return {**_frame("Response", {"action": {"const": action}}), "oneOf": outcomes}


def _push(action: str, payload: Part) -> Part:
    versions = [one.name for one in VERSIONS.values() if action in one.pushes]
    members = {"action": {"const": action}, "version": {"enum": versions}, "payload": payload}
    return _frame("Push", members)


def _frame(envelope: str, members: Part) -> Part:
    return {"allOf": [{"$ref": f"{PLACE}{envelope}"}, {"properties": members}]}


def _acknowledgement() -> Part:
    fields = {name: {"type": "integer"} for name in Acknowledgement.__struct_fields__}
    return {"type": "object", "properties": fields, "required": list(fields)}
