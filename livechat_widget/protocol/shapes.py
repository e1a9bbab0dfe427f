"""Objects as a version has them: without the members that it does not know."""

from collections.abc import Callable
from functools import partial
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import UNSET, Struct, structs

from .versions import MEMBERS, Span, Version

T = TypeVar("T")
_Change = Callable[[Any], Any]
# By the type and the version; found once.
_changes: dict[tuple[Any, str], _Change | None] = {}


def shape(value: T, version: Version) -> T:
    """A request, an answer or a push as this version has it; itself where nothing differs."""
    change = _change_of(type(value), version.name)
    changed: T = change(value) if change else value
    return changed


def spans_of(kind: type[Struct]) -> dict[str, Span]:
    """The members of a Struct that not all versions have."""
    return {
        name: span for base in kind.__mro__ for name, span in MEMBERS.get(base.__name__, {}).items()
    }


def _change_of(kind: Any, version: str) -> _Change | None:
    """What is done to a value of this type; None where every member of it is there anyway."""
    key = (kind, version)
    if key not in _changes:
        _changes[key] = _find_change(kind, version)
    return _changes[key]


def _find_change(kind: Any, version: str) -> _Change | None:
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _of_struct(kind, version)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _change_of(inner[0], version)
    if origin in (Union, UnionType):
        return _of_union(inner, version)
    change = _change_of(inner[-1], version) if origin in (list, dict) else None
    if change is None:
        return None
    return partial(_each_of_list if origin is list else _each_of_dict, change)


def _each_of_list(change: _Change, values: list[Any]) -> list[Any]:
    return [change(one) for one in values]


def _each_of_dict(change: _Change, values: dict[str, Any]) -> dict[str, Any]:
    return {key: change(one) for key, one in values.items()}


def _of_struct(kind: type[Struct], version: str) -> _Change | None:
    absent = frozenset(name for name, span in spans_of(kind).items() if not span.has(version))
    hints = get_type_hints(kind, include_extras=True)
    changes: dict[str, _Change] = {}
    for name in kind.__struct_fields__:
        inner = None if name in absent else _change_of(hints[name], version)
        if inner:
            changes[name] = inner
    return partial(_without, absent, changes) if absent or changes else None


def _without(absent: frozenset[str], changes: dict[str, _Change], value: Any) -> Any:
    if isinstance(value, dict):  # kept as JSON, and passed on as it is
        return {
            key: changes[key](one) if key in changes else one
            for key, one in value.items()
            if key not in absent
        }
    new = {name: UNSET for name in absent if getattr(value, name) is not UNSET}
    for name, change in changes.items():
        before = getattr(value, name)
        after = UNSET if before is UNSET else change(before)
        if after is not before:
            new[name] = after
    return structs.replace(value, **new) if new else value


def _of_union(kinds: tuple[Any, ...], version: str) -> _Change | None:
    found: dict[Any, _Change] = {}
    by_tag: dict[Any, _Change] = {}
    for kind in kinds:
        if change := _change_of(kind, version):
            found[get_origin(kind) or kind] = change
            if isinstance(kind, type) and issubclass(kind, Struct):
                by_tag[kind.__struct_config__.tag] = change
    return partial(_one_of, found, by_tag) if found else None


def _one_of(found: dict[Any, _Change], by_tag: dict[Any, _Change], value: Any) -> Any:
    """A dict that was kept as JSON says by its tag what it is, if there is a choice."""
    change = found.get(type(value))
    if change is None and isinstance(value, dict):
        change = by_tag.get(value.get("type")) or by_tag.get(None)
    return change(value) if change else value
