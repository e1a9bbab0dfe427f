"""When a greeting is shown by itself."""

from typing import Any

import pytest

from livechat_widget.domain.conditions import CONDITIONS, Situation, all_hold, matches

HERE = Situation(
    url="https://shop.example/cups?size=1",
    title="Cups – Kiln & Fern",
    referrer="https://search.example/?q=cup",
    visits=3,
    online=True,
    language="pt-br",
    fields={"plan": "gold", "seats": "3"},
)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"type": "page_url", "patterns": ["*/teapots", "*/cups*"]}, True),
        ({"type": "page_url", "patterns": ["*/teapots"]}, False),
        ({"type": "page_title", "contains": "CUPS"}, True),
        ({"type": "page_title", "contains": "teapot"}, False),
        ({"type": "visits", "at_least": 3}, True),
        ({"type": "visits", "at_least": 4}, False),
        ({"type": "referrer", "patterns": ["https://search.example/*"]}, True),
        ({"type": "referrer", "patterns": ["https://search.example"]}, False),
        ({"type": "group_status", "status": "online"}, True),
        ({"type": "group_status", "status": "offline"}, False),
        ({"type": "language", "languages": ["de", "PT"]}, True),
        ({"type": "language", "languages": ["p", "pt-pt"]}, False),
        ({"type": "session_field", "fields": ["plan=silver", "plan=Gold"]}, True),
        ({"type": "session_field", "fields": ["seats=*"]}, True),
        ({"type": "session_field", "fields": ["seats=4", "gold"]}, False),
    ],
)
def test_each_kind_holds_or_not(condition: dict[str, Any], holds: bool) -> None:
    assert all_hold([condition], HERE) is holds
    assert not all_hold([condition], Situation()) or condition == {
        "type": "group_status",
        "status": "offline",
    }


def test_every_kind_is_tested_here() -> None:
    [mark] = test_each_kind_holds_or_not.pytestmark
    assert {condition["type"] for condition, _ in mark.args[1]} == set(CONDITIONS)


def test_all_of_them_have_to_hold() -> None:
    right, wrong = {"type": "visits", "at_least": 1}, {"type": "visits", "at_least": 9}
    assert all_hold([], HERE)
    assert all_hold([right, right], HERE)
    assert not all_hold([right, wrong], HERE)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("https://a.example/", "https://a.example/", True),
        ("https://a.example/", "https://a.example/b", False),
        ("https://a.example/*", "https://a.example/", True),
        ("*/CUPS", "https://a.example/cups", True),
        ("*cups*", "https://a.example/cups?x", True),
        ("*/a/*/b", "https://a.example/a/x/b", True),
        ("*/a/*/b", "https://a.example/a/b", False),
        ("*b*b", "xb", False),
        ("a*a", "a", False),
        ("?", "x", False),
        ("[a-z]", "a", False),
        (".*", "abc", False),
        ("*", "", True),
        ("", "", True),
        ("", "x", False),
        ("*" * 200 + "y", "x" * 2000, False),
    ],
)
def test_only_the_star_means_something(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) is fits
