"""What those need who look after the site."""

from collections.abc import Callable
from typing import Any

import pytest

from livechat_widget.checks import operation

Numbers = Callable[..., list[str]]
TOKEN = "x" * operation.SHORTEST_TOKEN


def test_it_reports_a_token_without_the_library(
    numbers: Numbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert numbers(LIVECHAT={"METRICS_TOKEN": TOKEN}) == []
    monkeypatch.setattr(operation, "find_spec", lambda name: None)
    assert numbers(LIVECHAT={"METRICS_TOKEN": TOKEN}) == ["E050"]
    assert numbers(LIVECHAT={}) == []


def test_it_reports_previews_without_the_library(
    numbers: Numbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert numbers(LIVECHAT={"LINK_PREVIEWS": True}) == []
    monkeypatch.setattr(operation, "find_spec", lambda name: None)
    assert numbers(LIVECHAT={"LINK_PREVIEWS": True}) == ["E053"]
    assert numbers(LIVECHAT={}) == []


def test_it_reports_a_token_that_can_be_guessed(numbers: Numbers) -> None:
    assert numbers(LIVECHAT={"METRICS_TOKEN": TOKEN[1:]}) == ["W051"]
    assert numbers(LIVECHAT={"METRICS_TOKEN": TOKEN}) == []


@pytest.mark.parametrize("exempt", [[], ["^healthz$"]])
def test_it_reports_a_redirect_instead_of_health(numbers: Numbers, exempt: list[str]) -> None:
    wrong: dict[str, Any] = {"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": exempt}
    quiet = {"LIVECHAT": {"CHANNEL_LAYER": None}}
    assert numbers(deploy=True, **quiet, **wrong) == ["W052"]
    assert numbers(**quiet, **wrong) == []
    right = {**wrong, "SECURE_REDIRECT_EXEMPT": [*exempt, "^livechat/healthz$"]}
    assert numbers(deploy=True, **quiet, **right) == []
