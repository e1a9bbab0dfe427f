"""The script that judges a rush: it finds each thing that must not be."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from livechat_widget.domain import chats, routing
from livechat_widget.models import Agent, Chat, Thread
from tests.cast import Cast
from tests.sockets.audit import violations


@pytest.fixture(autouse=True)
def no_traceback() -> None:
    """There is no server here."""


@pytest.fixture
def cast(db: None) -> Cast:
    cast = Cast("least_loaded")
    Agent.objects.filter(pk=cast.ann.pk).update(concurrent_limit=2)
    return cast


@pytest.fixture
def started(cast: Cast) -> list[Chat]:
    """Two that Ann answers, and two that wait."""
    started = [cast.chat() for _ in range(4)]
    routing.route(cast.organization.pk)
    return started


def found(cast: Cast) -> str:
    return "\n".join(violations(cast.organization.pk, at_rest=True))


def test_it_finds_nothing_where_nothing_is_wrong(cast: Cast, started: list[Chat]) -> None:
    assert found(cast) == ""
    chats.deactivate(started[0].pk, cast.ann)
    routing.route(cast.organization.pk)
    assert found(cast) == ""


def test_it_finds_a_second_agent(cast: Cast, started: list[Chat]) -> None:
    chats.join(started[0].pk, cast.agent("Bob", accepting=False))
    assert f"{started[0].pk} had 2 agents" in found(cast)


def test_it_finds_a_chat_too_many(cast: Cast, started: list[Chat]) -> None:
    chats.join(started[2].pk, cast.ann)
    assert f"agent {cast.ann.pk} had 3 chats at a time" in found(cast)


def test_it_finds_who_was_overtaken(cast: Cast, started: list[Chat]) -> None:
    ago = now() - timedelta(seconds=60)
    Thread.objects.filter(chat=started[2]).update(queued_at=ago)
    chats.deactivate(started[0].pk, cast.ann)
    chats.join(started[3].pk, cast.ann)
    assert "was answered before" in found(cast)


def test_it_finds_who_waits_though_somebody_is_free(cast: Cast, started: list[Chat]) -> None:
    chats.deactivate(started[0].pk, cast.ann)
    assert f"waits, though agent {cast.ann.pk} is free" in found(cast)
    assert violations(cast.organization.pk, at_rest=False) == []
