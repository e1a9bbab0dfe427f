"""Payloads that are nearly right: one member is absent, or is not what it should be."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import fields

Path = tuple[str | int, ...]
WRONG: list[Any] = [None, True, -1, 1.5, 10**18, "", "x" * 20_000, "\x00", [], [[]], {}, {"a": {}}]


def mutations(payload: Any, request: type[Struct]) -> Iterator[str]:
    """Each as JSON text, since a member that comes twice is in no dictionary."""
    for wrong in WRONG:
        yield json.dumps(wrong)
    for path in _paths(payload):
        for wrong in WRONG:
            yield json.dumps(_with(payload, path, wrong))
        name = path[-1]
        if isinstance(name, str):
            yield json.dumps(_without(payload, path))
            renamed = _without(payload, path)
            _at(renamed, path[:-1])[name.upper()] = _at(payload, path)
            yield json.dumps(renamed)
            yield _twice(payload, path)
    for field in fields(request):
        if field.encode_name not in payload:
            for wrong in WRONG:
                yield json.dumps({**payload, field.encode_name: wrong})
    yield json.dumps({**payload, "no_such_member": {"a": [1]}})


def is_of_type(text: str, request: type[Struct]) -> bool:
    try:
        msgspec.json.decode(text, type=request)
    except (msgspec.MsgspecError, UnicodeError):
        return False
    return True


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, one in inner:
        yield (*path, name)
        if isinstance(one, dict | list):
            yield from _paths(one, (*path, name))


def _at(value: Any, path: Path) -> Any:
    for name in path:
        value = value[name]
    return value


def _with(payload: Any, path: Path, value: Any) -> Any:
    changed = copy.deepcopy(payload)
    _at(changed, path[:-1])[path[-1]] = value
    return changed


def _without(payload: Any, path: Path) -> Any:
    changed = copy.deepcopy(payload)
    del _at(changed, path[:-1])[path[-1]]
    return changed


def _twice(payload: Any, path: Path) -> str:
    """The member once as it should be, and once more as a number."""
    marked = _with(payload, path, "MARK")
    name = json.dumps(path[-1])
    own = json.dumps(_at(payload, path))
    return json.dumps(marked).replace(f'{name}: "MARK"', f"{name}: {own}, {name}: 17")
