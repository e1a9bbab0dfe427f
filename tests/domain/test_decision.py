"""Who gets a chat, by each strategy, and that the reason that is kept decides it again."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livechat_widget.domain.decision import (
    MOST_KEPT,
    STRATEGIES,
    Candidate,
    Decision,
    Request,
    decide,
)
from livechat_widget.models import Group

ANN = Candidate(id="a", name="Ann", load=2, limit=6, assigned_at=10, priority="last")
BOB = Candidate(id="b", name="Bob", load=1, limit=6, assigned_at=30)
CLEO = Candidate(id="c", name="Cleo", load=4, limit=6, assigned_at=20, priority="first")
BUSY = Candidate(id="d", name="Dan", load=1, limit=1)
BOSS = Candidate(id="e", name="Eva", load=0, limit=6, priority="supervisor")
ALL = [BOSS, BUSY, CLEO, BOB, ANN]

candidates = st.lists(
    st.builds(
        Candidate,
        id=st.text("0123456789abcdef", min_size=4, max_size=4),
        name=st.just("Ann"),
        load=st.integers(0, 8),
        limit=st.integers(1, 8),
        priority=st.sampled_from(["first", "normal", "last", "supervisor"]),
        assigned_at=st.floats(0, 1000),
    ),
    max_size=MOST_KEPT + 20,
    unique_by=lambda one: one.id,
)
requests = st.builds(
    Request,
    strategy=st.sampled_from(sorted(STRATEGIES)),
    is_open=st.booleans(),
    ahead=st.integers(0, 2),
    last_agent=st.text("0123456789abcdef", max_size=4),
    seed=st.integers(0, 2**32 - 1),
)


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [("least_loaded", "b"), ("round_robin", "a"), ("priority", "c"), ("last_agent", "c")],
)
def test_each_strategy_has_its_favourite(strategy: str, expected: str) -> None:
    made = decide(Request(strategy=strategy, last_agent="c"), ALL)
    assert (made.outcome, made.agent) == ("assigned", expected)
    assert {one.id for one in made.candidates} == {"a", "b", "c", "d", "e"}


def test_chance_is_fair_and_remembered() -> None:
    winners = [
        decide(Request(strategy="random", seed=seed), [ANN, BOB, CLEO]).agent for seed in range(300)
    ]
    assert all(60 < winners.count(one.id) < 140 for one in (ANN, BOB, CLEO))
    assert winners[7] == decide(Request(strategy="random", seed=7), [CLEO, BOB, ANN]).agent


def test_of_equals_who_waits_longest_is_first() -> None:
    tired = msgspec.structs.replace(BOB, load=2)
    assert decide(Request(strategy="least_loaded"), [tired, ANN]).agent == "a"


def test_the_last_agent_has_to_have_room() -> None:
    assert decide(Request(strategy="last_agent", last_agent="d"), ALL).agent == "b"


@pytest.mark.parametrize(
    ("request_", "given", "outcome"),
    [
        (Request(strategy="manual"), ALL, "manual"),
        (Request(strategy="least_loaded", is_open=False), ALL, "closed"),
        (Request(strategy="least_loaded", ahead=1), ALL, "behind"),
        (Request(strategy="least_loaded"), [BUSY, BOSS], "full"),
        (Request(strategy="least_loaded"), [], "nobody"),
    ],
)
def test_it_says_why_nobody_gets_it(
    request_: Request, given: list[Candidate], outcome: str
) -> None:
    made = decide(request_, given)
    assert (made.outcome, made.agent) == (outcome, "")


@given(request=requests, candidates=candidates)
def test_the_reason_decides_it_again(request: Request, candidates: list[Candidate]) -> None:
    made = decide(request, candidates)
    kept = msgspec.convert(json.loads(json.dumps(msgspec.to_builtins(made))), Decision)
    assert kept == made
    again = decide(kept.request, kept.candidates)
    assert (again.outcome, again.agent) == (made.outcome, made.agent)
    assert len(made.candidates) + made.others == len(candidates)


@given(request=requests, candidates=candidates, order=st.randoms())
def test_it_is_the_same_in_any_order(
    request: Request, candidates: list[Candidate], order: object
) -> None:
    shuffled = list(candidates)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decide(request, shuffled) == decide(request, candidates)


def test_every_strategy_can_be_chosen() -> None:
    assert set(STRATEGIES) == set(Group.Strategy.values)
