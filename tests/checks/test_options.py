"""What stands in LIVECHAT."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import CheckMessage


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (["ORGANIZATION_NAME"], {}),
        ({"ORGANISATION_NAME": "A"}, {"ORGANIZATION_NAME": "A"}),
        ({"organization_name": "A"}, {"ORGANIZATION_NAME": "A"}),
    ],
)
def test_it_reports_a_name_that_does_not_exist(
    numbers: Callable[..., list[str]], wrong: Any, right: Any
) -> None:
    assert numbers(LIVECHAT=wrong) == ["E001"]
    assert numbers(LIVECHAT=right) == []


@pytest.mark.parametrize(
    ("given", "hint"),
    [("CHANEL_LAYER", "Did you mean 'CHANNEL_LAYER'?"), ("COLOUR", "Remove it.")],
)
def test_it_suggests_the_setting_that_was_meant(
    messages: Callable[..., list[CheckMessage]], given: str, hint: str
) -> None:
    [message] = messages(LIVECHAT={given: "x"})
    assert str(message.hint).startswith(hint)


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("DATABASE_THREADS", "8", 8),
        ("MAX_TEXT_BYTES", 1.5, 2),
        ("MAX_TEXT_BYTES", True, 1),
        ("MAX_TEXT_BYTES", -1, 1),
        ("RECONCILE_SECONDS", 0, 1),
        ("IN_PROCESS_TICKER", 1, False),
        ("ORGANIZATION_NAME", None, "Support"),
        ("CHANNEL_LAYER", [], None),
        ("TRUSTED_ORIGINS", "https://a.example", ["https://a.example"]),
        ("PROPERTY_NAMESPACES", ["shop"], {}),
    ],
)
def test_it_reports_a_value_of_the_wrong_kind(
    numbers: Callable[..., list[str]], name: str, wrong: Any, right: Any
) -> None:
    assert numbers(LIVECHAT={name: wrong}) == ["E002"]
    assert numbers(LIVECHAT={name: right}) == []


@pytest.mark.parametrize(
    "wrong", ["a.example", "https://a.example/x", "ftp://a.example", "https://", "*"]
)
def test_it_reports_what_is_no_origin(numbers: Callable[..., list[str]], wrong: str) -> None:
    right = ["https://a.example", "http://b.example:8000", "https://*.c.example"]
    assert numbers(LIVECHAT={"TRUSTED_ORIGINS": [*right, wrong]}) == ["E003"]
    assert numbers(LIVECHAT={"TRUSTED_ORIGINS": right}) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"routing": {"mine": {"type": "int"}}}, "'routing' is one of ours"),
        ({"__proto__": {"a": {"type": "int"}}}, "Expected `str` matching regex"),
        ({"shop": {"__class__": {"type": "int"}}}, "Expected `str` matching regex"),
        ({"shop": {"order": {"type": "float"}}}, "Invalid enum value 'float'"),
        ({"shop": {"order": {"type": "int", "customers": {}}}}, "unknown field `customers`"),
        ({"shop": {"order": {"type": "int", "agent": {"chat": "x"}}}}, "Invalid enum value 'x'"),
        ({"shop": {"order": {"type": "int", "agent": {"page": "r"}}}}, "Invalid enum value 'page'"),
        ({"shop": {"order": "int"}}, "Expected `object`"),
    ],
)
def test_it_reports_a_wrong_definition_of_a_property(
    numbers: Callable[..., list[str]],
    messages: Callable[..., list[CheckMessage]],
    wrong: Any,
    said: str,
) -> None:
    right = {"shop": {"order.total": {"type": "int", "customer": {"chat": "r"}}}}
    assert numbers(LIVECHAT={"PROPERTY_NAMESPACES": {**right, **wrong}}) == ["E004"]
    [message] = messages(LIVECHAT={"PROPERTY_NAMESPACES": wrong})
    assert said in message.msg
    assert numbers(LIVECHAT={"PROPERTY_NAMESPACES": right}) == []


def test_it_reports_tokens_that_clients_discard(numbers: Callable[..., list[str]]) -> None:
    assert numbers(LIVECHAT={"TOKEN_LIFETIME_SECONDS": 3600}) == ["W005"]
    assert numbers(LIVECHAT={"TOKEN_LIFETIME_SECONDS": 3601}) == []


@pytest.mark.parametrize("wrong", ["fra.example", "FRA", "north-west"])
def test_it_reports_a_region_that_no_host_can_have(
    numbers: Callable[..., list[str]], wrong: str
) -> None:
    assert numbers(LIVECHAT={"REGION": wrong}) == ["E006"]
    assert numbers(LIVECHAT={"REGION": "fra1"}) == []


@pytest.mark.parametrize("wrong", ["choose_group", "tests.nowhere.choose", "tests.cast.choose"])
def test_the_function_for_groups_is_there(numbers: Callable[..., list[str]], wrong: str) -> None:
    assert numbers(LIVECHAT={"CHOOSE_GROUP": wrong}) == ["E007"]
    assert numbers(LIVECHAT={"CHOOSE_GROUP": "tests.cast.Cast"}) == []
