"""What stands in LIVECHAT: names, kinds of values, origins."""

import re
from difflib import get_close_matches
from typing import Any

import msgspec
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from ..conf import DEFAULTS
from ..origins import is_origin
from ..protocol.properties import NAMESPACES, Namespaces

TAG = "livechat"
SHORTEST_LIFETIME = 3600


@register(TAG)
def check_names(**_: Any) -> list[CheckMessage]:
    given = getattr(django_settings, "LIVECHAT", {})
    if not isinstance(given, dict):
        return [
            Error(
                f"LIVECHAT is {given!r}, which is not a dictionary.",
                hint='Type it like this: LIVECHAT = {"ORGANIZATION_NAME": "Support"}',
                id="livechat_widget.E001",
            )
        ]
    return [
        Error(
            f"LIVECHAT has no setting {name!r}.",
            hint=_suggest(str(name)),
            id="livechat_widget.E001",
        )
        for name in given
        if name not in DEFAULTS
    ]


@register(TAG)
def check_values(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f'LIVECHAT["{name}"] is {value!r}.',
            hint=f"It has to be {_kind(DEFAULTS[name])}, such as {DEFAULTS[name]!r}.",
            id="livechat_widget.E002",
        )
        for name, value in _given().items()
        if not _fits(name, value)
    ]


@register(TAG)
def check_origins(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f'LIVECHAT["TRUSTED_ORIGINS"] holds {origin!r}, which is not an origin.',
            hint='Write scheme and host and nothing after them: "https://shop.example", or'
            ' "https://*.shop.example" for all hosts below it.',
            id="livechat_widget.E003",
        )
        for origin in value_of("TRUSTED_ORIGINS")
        if not is_origin(origin)
    ]


@register(TAG)
def check_namespaces(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f'LIVECHAT["PROPERTY_NAMESPACES"]: {problem}',
            hint='Write it like this: {"shop": {"order": {"type": "string", "customer":'
            ' {"chat": "r"}, "agent": {"chat": "rw"}}}}. docs/install.md has the members.',
            id="livechat_widget.E004",
        )
        for problem in _problems(value_of("PROPERTY_NAMESPACES"))
    ]


@register(TAG)
def check_lifetime(**_: Any) -> list[CheckMessage]:
    lifetime = value_of("TOKEN_LIFETIME_SECONDS")
    if lifetime > SHORTEST_LIFETIME:
        return []
    return [
        Warning(
            f'LIVECHAT["TOKEN_LIFETIME_SECONDS"] is {lifetime}: published clients discard a token'
            " with an hour or less to go, and fetch another each time.",
            hint=f"Set it to more than {SHORTEST_LIFETIME}, such as 28800.",
            id="livechat_widget.W005",
        )
    ]


@register(TAG)
def check_region(**_: Any) -> list[CheckMessage]:
    region = value_of("REGION")
    if re.fullmatch("[a-z0-9]*", region):
        return []
    return [
        Error(
            f'LIVECHAT["REGION"] is {region!r}, which cannot be a part of a host\'s name.',
            hint='Write small letters and digits, as in "fra".',
            id="livechat_widget.E006",
        )
    ]


@register(TAG)
def check_function(**_: Any) -> list[CheckMessage]:
    path = value_of("CHOOSE_GROUP")
    if not path or _is_function(path):
        return []
    return [
        Error(
            f'LIVECHAT["CHOOSE_GROUP"] is {path!r}, where no function can be imported from.',
            hint='Write the path to a function that takes a customer: "shop.chat.choose_group".',
            id="livechat_widget.E007",
        )
    ]


def valid() -> dict[str, Any]:
    """What the site set, without what E001 and E002 report: other checks need not stumble."""
    return {name: value for name, value in _given().items() if _fits(name, value)}


def value_of(name: str) -> Any:
    return valid().get(name, DEFAULTS[name])


def _given() -> dict[str, Any]:
    given = getattr(django_settings, "LIVECHAT", {})
    if not isinstance(given, dict):
        return {}
    return {name: value for name, value in given.items() if name in DEFAULTS}


def _problems(namespaces: dict[str, Any]) -> list[str]:
    taken = [
        f"{name!r} is one of ours; choose another name."
        for name in namespaces
        if name in NAMESPACES
    ]
    try:
        msgspec.convert(namespaces, Namespaces)
    except msgspec.ValidationError as error:
        return [*taken, f"{error}."]
    return taken


def _suggest(name: str) -> str:
    if close := get_close_matches(name.upper(), DEFAULTS, n=1):
        return f"Did you mean {close[0]!r}?"
    return f"Remove it. The settings are: {', '.join(DEFAULTS)}."


def _fits(name: str, value: Any) -> bool:
    default = DEFAULTS[name]
    if name == "CHANNEL_LAYER" and value is None:
        return True
    if isinstance(default, bool | str):
        return isinstance(value, type(default))
    if isinstance(default, int | float):
        numeric = isinstance(value, int if isinstance(default, int) else int | float)
        return numeric and not isinstance(value, bool) and value > 0
    if isinstance(default, dict):
        return isinstance(value, dict)
    return isinstance(value, list | tuple | set) and all(isinstance(one, str) for one in value)


def _kind(default: Any) -> str:
    if isinstance(default, bool):
        return "True or False"
    if isinstance(default, str):
        return "a text"
    if isinstance(default, int):
        return "a whole number above 0"
    if isinstance(default, dict):
        return "a dictionary"
    return "a number above 0" if isinstance(default, float) else "a list of texts"


def _is_function(path: str) -> bool:
    try:
        return callable(import_string(path))
    except ImportError:
        return False
