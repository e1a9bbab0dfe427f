"""Why somebody got a chat, in words."""

from typing import Any

import msgspec
import pytest

from livechat_widget.domain.decision import STRATEGIES, Candidate, Request, decide
from livechat_widget.domain.reasons import explain


def made(strategy: str, size: int = 2, **request: Any) -> dict[str, Any]:
    candidates = [
        Candidate(id=f"a{number}", name=f"Ann {number}", load=number, limit=30)
        for number in range(size)
    ]
    return msgspec.to_builtins(decide(Request(strategy=strategy, **request), candidates))


@pytest.mark.parametrize("strategy", sorted(STRATEGIES.keys() - {"manual"}))
def test_every_strategy_has_its_words(strategy: str) -> None:
    why = explain(made(strategy, last_agent="a1"))
    assert why["agent"] == why["candidates"][0]["id"]
    assert why["candidates"][0]["name"] in why["sentence"]


def test_who_answered_last_is_only_named_so_if_it_was_so() -> None:
    assert explain(made("last_agent", last_agent="a1"))["sentence"].endswith("visitor last.")
    assert "fewest" in explain(made("last_agent", last_agent="gone"))["sentence"]


def test_many_are_counted() -> None:
    why = explain(made("least_loaded", size=70))
    assert (len(why["candidates"]), why["others"]) == (8, 62)
