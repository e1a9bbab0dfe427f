"""Payloads of any kind that a Struct takes, drawn by hypothesis from the Struct itself."""

from functools import singledispatch
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct, inspect

LONGEST = 40
_letters = st.characters(exclude_categories=("Cs",))
_text = st.text(_letters, max_size=LONGEST)
_scalars = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | _text
anything = st.recursive(
    _scalars | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=12,
)


def payloads(request: type[Struct], real: dict[str, str]) -> st.SearchStrategy[Any]:
    """``real`` are ids that are there: half of all texts are one of them, where one fits."""
    ids = st.sampled_from(sorted(real.values())) if real else _text
    return _draw(inspect.type_info(request), ids)


@singledispatch
def _draw(kind: Any, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    raise TypeError(f"say in tests/protocol/strategies.py how to draw a {type(kind).__name__}")


@_draw.register(inspect.AnyType)
@_draw.register(inspect.RawType)
def _(kind: Any, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return anything


@_draw.register
def _(kind: inspect.BoolType, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.booleans()


@_draw.register
def _(kind: inspect.NoneType, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.none()


@_draw.register
def _(kind: inspect.IntType, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.integers(kind.ge if kind.ge is not None else -(2**60), kind.le or 2**60)


@_draw.register
def _(kind: inspect.FloatType, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.floats(allow_nan=False, allow_infinity=False)


@_draw.register
def _(kind: inspect.StrType, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    if kind.pattern:
        return st.from_regex(kind.pattern).map(lambda text: text[: kind.max_length or LONGEST])
    longest = min(kind.max_length or LONGEST, LONGEST)
    return ids | st.text(_letters, min_size=kind.min_length or 0, max_size=longest)


@_draw.register
def _(kind: inspect.LiteralType, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.sampled_from(kind.values)


@_draw.register
def _(kind: inspect.ListType, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.lists(_draw(kind.item_type, ids), min_size=kind.min_length or 0, max_size=3)


@_draw.register
def _(kind: inspect.DictType, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    key, value = _draw(kind.key_type, ids), _draw(kind.value_type, ids)
    return st.dictionaries(key, value, max_size=3)


@_draw.register
def _(kind: inspect.UnionType, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.one_of(*(_draw(one, ids) for one in kind.types))


@_draw.register
def _(kind: inspect.Metadata, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return _draw(kind.type, ids)


@_draw.register
def _(kind: inspect.StructType, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    members = {one.encode_name: _draw(one.type, ids) for one in kind.fields}
    required = {one.encode_name: members[one.encode_name] for one in kind.fields if one.required}
    if kind.tag_field:
        required[kind.tag_field] = st.just(kind.tag)
    optional = {name: one for name, one in members.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)
