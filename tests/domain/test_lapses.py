"""Chats in which nothing happens: reassigned, marked, ended; each once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from livechat_widget.domain import chats, events, jobs, lapses, properties, routing
from livechat_widget.domain.chats import Opening
from livechat_widget.models import (
    Agent,
    Chat,
    ChatUser,
    Event,
    Group,
    Lease,
    Presence,
    Thread,
)
from livechat_widget.protocol.events import NewMessage
from tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The ticker has run for a while."""
    Lease.objects.create(
        name="ticker",
        holder="test",
        expires_at=now() + timedelta(days=1),
        since=now() - timedelta(days=1),
    )
    return Cast("least_loaded")


def given(cast: Cast, minutes: float = 0, **opening: Any) -> Chat:
    """A chat that was started and given to somebody so many minutes ago."""
    new = Opening(events=[NewMessage(text="Hello")], **opening)
    chat = chats.start(cast.customer(name="Vera"), new).chat
    routing.route(cast.organization.pk)
    age(chat, minutes)
    return chat


def age(chat: Chat, minutes: float) -> None:
    earlier = now() - timedelta(minutes=minutes)
    thread = Thread.objects.get(chat=chat)
    thread.created_at = thread.queued_at = earlier
    thread.assigned_at = earlier if thread.agent_id else None
    thread.save()
    for place, event in enumerate(Event.objects.filter(chat=chat).order_by("created_at")):
        Event.objects.filter(pk=event.pk).update(created_at=earlier + timedelta(seconds=place))


def thread_of(chat: Chat) -> Thread:
    return Thread.objects.select_related("agent").get(chat=chat)


def notes_of(chat: Chat) -> list[tuple[str, dict[str, str]]]:
    rows = Event.objects.filter(chat=chat, type="system_message").order_by("created_at")
    return [(row.content["system_message_type"], row.content["text_vars"]) for row in rows]


def actions_of(chat: Chat) -> list[str]:
    return [one.action for one in chat.customer.stream.entries.order_by("seq")]


def tick() -> None:
    """More often than needed: what was done is not done again."""
    for _ in range(3):
        for job in lapses.JOBS:
            job()


# -- the agent is gone -----------------------------------------------------------------------


def test_somebody_else_takes_over(cast: Cast) -> None:
    chat = given(cast)
    bob = cast.agent("Bob")
    cast.come(cast.ann, seconds=-1)
    tick()
    assert thread_of(chat).agent == bob
    assert thread_of(chat).decision["agent"] == bob.public_id
    assert notes_of(chat) == [
        ("routing.assigned_disconnected", {"agent_added": "Bob", "agent_removed": "Ann"})
    ]
    assert actions_of(chat)[-3:] == [
        "user_removed_from_chat",
        "user_added_to_chat",
        "incoming_event",
    ]
    present = ChatUser.objects.filter(chat=chat, agent__isnull=False, present=True)
    assert [one.agent for one in present] == [bob]


def test_without_anybody_else_it_goes_to_the_front_of_the_queue(cast: Cast) -> None:
    Agent.objects.filter(pk=cast.ann.pk).update(concurrent_limit=1)
    chat, other = given(cast), given(cast)
    cast.come(cast.ann, seconds=-1)
    tick()
    assert thread_of(chat).agent is None
    assert notes_of(chat) == [("routing.unassigned_disconnected", {"agent": "Ann"})]
    assert [one.chat for one in routing.waiting()] == [chat, other]
    cast.come(cast.ann)
    routing.route(cast.organization.pk)
    assert thread_of(chat).agent == cast.ann
    tick()
    assert len(notes_of(chat)) == 1


def test_without_a_queue_it_ends(cast: Cast) -> None:
    chat = given(cast)
    Group.objects.update(queue_limit=0)
    cast.come(cast.ann, seconds=-1)
    tick()
    assert not thread_of(chat).active
    assert notes_of(chat) == [("routing.archived_disconnected", {"agent": "Ann"})]
    ended = chat.customer.stream.entries.get(action="chat_deactivated")
    assert "user_id" not in ended.payload, "nobody ended it"


def test_who_takes_chats_keeps_them(cast: Cast) -> None:
    Group.objects.update(strategy="manual")
    chat = given(cast, continuous=True)
    chats.join(chat.pk, cast.ann)
    cast.come(cast.ann, seconds=-1)
    tick()
    assert thread_of(chat).agent == cast.ann


def test_after_a_standstill_everybody_may_come_back_first(cast: Cast) -> None:
    chat = given(cast)
    Lease.objects.update(since=now())
    cast.come(cast.ann, seconds=-3600)
    tick()
    assert thread_of(chat).agent == cast.ann


def test_the_ticker_knows_since_when_it_runs(cast: Cast) -> None:
    before = Lease.objects.get().since
    assert jobs.run_due("test")
    assert Lease.objects.get().since == before
    Lease.objects.update(expires_at=now() - timedelta(seconds=60))
    assert jobs.run_due("another, once a minute")
    assert Lease.objects.get().since == before
    Lease.objects.update(expires_at=now() - timedelta(seconds=200))
    assert jobs.run_due("test")
    assert Lease.objects.get().since > now() - timedelta(seconds=10)


# -- the agent does not answer ---------------------------------------------------------------


def test_who_does_not_answer_loses_the_chat(cast: Cast) -> None:
    chat = given(cast, minutes=6)
    bob = cast.agent("Bob")
    tick()
    assert thread_of(chat).agent == bob
    variables = {"agent_added": "Bob", "agent_removed": "Ann", "duration": "5"}
    assert notes_of(chat) == [("routing.assigned_inactive", variables)]


def test_who_answered_keeps_it(cast: Cast) -> None:
    chat = given(cast)
    events.send(chat.pk, cast.ann, NewMessage(text="Hi"))
    age(chat, 6)
    cast.agent("Bob")
    tick()
    assert (thread_of(chat).agent, notes_of(chat)) == (cast.ann, [])


def test_without_somebody_with_room_it_stays(cast: Cast) -> None:
    chat = given(cast, minutes=6)
    cast.agent("Bob", accepting=False)
    tick()
    assert (thread_of(chat).agent, notes_of(chat)) == (cast.ann, [])


# -- nobody writes ---------------------------------------------------------------------------


def test_an_idle_chat_is_marked_once_and_then_ended(cast: Cast) -> None:
    chat = given(cast)
    events.send(chat.pk, cast.ann, NewMessage(text="Hi"))
    age(chat, 31)
    tick()
    assert notes_of(chat) == [("routing.idle", {"duration": "30"})]
    assert properties.read(thread_of(chat), "routing", "idle") is True
    age(chat, 24 * 60 + 1)
    tick()
    assert not thread_of(chat).active
    assert notes_of(chat)[1:] == [("routing.archived_inactive", {"duration": "1440"})]


def test_who_writes_again_takes_the_mark_off(cast: Cast) -> None:
    chat = given(cast)
    events.send(chat.pk, cast.ann, NewMessage(text="Hi"))
    age(chat, 31)
    tick()
    events.send(chat.pk, chat.customer, NewMessage(text="Still here"))
    tick()
    assert properties.read(thread_of(chat), "routing", "idle") is False
    hidden = chat.customer.stream.entries.filter(action="thread_properties_updated")
    assert [one.public_seq for one in hidden] == [None, None], "for agents only"
    assert len(notes_of(chat)) == 1


def test_who_waits_is_not_idle(cast: Cast) -> None:
    Presence.objects.all().delete()
    chat = given(cast, minutes=10_000, continuous=True)
    tick()
    assert (thread_of(chat).active, notes_of(chat)) == (True, [])


# -- the customer is gone --------------------------------------------------------------------


@pytest.mark.parametrize("answered", [True, False])
def test_who_leaves_the_site_leaves_the_chat_and_the_queue(cast: Cast, answered: bool) -> None:
    if not answered:
        Agent.objects.filter(pk=cast.ann.pk).update(concurrent_limit=1)
        given(cast)
    chat = given(cast)
    assert bool(thread_of(chat).agent) is answered
    leave(chat, minutes=4)
    tick()
    assert thread_of(chat).active
    leave(chat, minutes=6)
    tick()
    assert not thread_of(chat).active
    assert notes_of(chat) == [("archived_customer_disconnected", {"customer": "Vera"})]


def leave(chat: Chat, minutes: int) -> None:
    until = now() - timedelta(minutes=minutes)
    author = chat.customer.author_id
    Presence.objects.update_or_create(author=author, defaults={"until": until})


def test_a_continuous_chat_waits_for_its_customer(cast: Cast) -> None:
    chat = given(cast, continuous=True)
    leave(chat, minutes=600)
    tick()
    assert thread_of(chat).active


def test_who_never_had_a_socket_is_not_missed(cast: Cast) -> None:
    chat = given(cast, minutes=600)
    events.send(chat.pk, cast.ann, NewMessage(text="Hi"))
    tick()
    assert thread_of(chat).active


# -- nobody is there -------------------------------------------------------------------------


def test_who_waits_for_nobody_is_told(cast: Cast) -> None:
    Agent.objects.filter(pk=cast.ann.pk).update(concurrent_limit=1)
    answered, waiting = given(cast), given(cast, minutes=6)
    patient = given(cast, minutes=6, continuous=True)
    tick()
    assert thread_of(waiting).active
    Agent.objects.filter(pk=cast.ann.pk).update(accepting=False)
    tick()
    assert not thread_of(waiting).active
    assert notes_of(waiting) == [("routing.archived_offline", {})]
    assert thread_of(patient).active
    assert thread_of(answered).active
