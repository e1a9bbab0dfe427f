"""A rating is on the thread, and the chat is told of it once."""

from typing import Any

import pytest

from livechat_widget.domain import chats, properties
from livechat_widget.domain.notes import TEXTS
from livechat_widget.domain.properties import Place
from livechat_widget.errors import NotAllowed
from livechat_widget.models import Chat, Customer, Event, StreamEntry, Thread
from tests.cast import Cast

BOTH = {"rating": {"score": 1, "comment": "Well done"}}


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer(name="Vera")


@pytest.fixture
def chat(cast: Cast, vera: Customer) -> Chat:
    return cast.chat(vera)


def rate(vera: Customer, chat: Chat, rating: dict[str, Any], *, thread: bool) -> None:
    place = Place(chat.pk, chat.last_thread_id if thread else None)
    properties.update(place, vera, {"rating": rating})


def notes(chat: Chat) -> list[tuple[str, dict[str, str]]]:
    rows = Event.objects.filter(chat=chat, type="system_message").order_by("created_at")
    return [(row.content["system_message_type"], row.content["text_vars"]) for row in rows]


@pytest.mark.parametrize("thread", [True, False], ids=["thread", "chat"])
def test_it_works(vera: Customer, chat: Chat, thread: bool) -> None:
    rate(vera, chat, BOTH["rating"], thread=thread)
    assert Thread.objects.get(chat=chat).properties == BOTH
    assert Chat.objects.get(pk=chat.pk).properties == ({} if thread else BOTH)
    assert notes(chat) == [
        ("rating.chat_rated", {"customer": "Vera", "score": "1"}),
        ("rating.chat_commented", {"customer": "Vera", "comment": "Well done"}),
    ]
    rated = Event.objects.get(chat=chat, content__system_message_type="rating.chat_rated")
    assert rated.content["text"] == "Vera rated the chat: good"
    entries = StreamEntry.objects.filter(stream=vera.stream).order_by("seq")
    names = list(entries.values_list("action", flat=True))
    assert names[-3:] == ["thread_properties_updated", "incoming_event", "incoming_event"]
    assert ("chat_properties_updated" in names) is not thread


@pytest.mark.parametrize("thread", [True, False], ids=["thread", "chat"])
def test_it_writes_nothing_new_when_repeated(vera: Customer, chat: Chat, thread: bool) -> None:
    rate(vera, chat, BOTH["rating"], thread=thread)
    before = StreamEntry.objects.filter(stream=vera.stream).count()
    rate(vera, chat, BOTH["rating"], thread=thread)
    assert StreamEntry.objects.filter(stream=vera.stream).count() == before
    rate(vera, chat, {"score": 0, "comment": "Well done"}, thread=thread)
    assert [kind for kind, _ in notes(chat)][2:] == ["rating.chat_rated"]


@pytest.mark.parametrize("thread", [True, False], ids=["thread", "chat"])
def test_it_is_withdrawn(vera: Customer, chat: Chat, thread: bool) -> None:
    rate(vera, chat, BOTH["rating"], thread=thread)
    place = Place(chat.pk, chat.last_thread_id if thread else None)
    properties.delete(place, vera, {"rating": ["score", "comment"]})
    properties.delete(place, vera, {"rating": ["score", "comment"]})
    assert notes(chat)[2:] == [("rating.chat_rating_canceled", {"customer": "Vera"})]
    assert Thread.objects.get(chat=chat).properties == {}
    assert Chat.objects.get(pk=chat.pk).properties == {}


def test_a_chat_that_goes_on_is_rated_anew(vera: Customer, chat: Chat) -> None:
    rate(vera, chat, {"score": 1}, thread=False)
    chats.deactivate(chat.pk, vera)
    thread = chats.resume(chat.pk, vera, chats.Opening(continuous=True)).thread
    rate(vera, chat, {"score": 1}, thread=False)
    assert Thread.objects.get(pk=thread.pk).properties["rating"] == {"score": 1}
    assert [kind for kind, _ in notes(chat)].count("rating.chat_rated") == 2


def test_it_is_given_after_the_chat_as_well(vera: Customer, chat: Chat) -> None:
    chats.deactivate(chat.pk, vera)
    rate(vera, chat, {"score": 0}, thread=True)
    rated = Event.objects.get(chat=chat, content__system_message_type="rating.chat_rated")
    assert rated.thread_id == chat.last_thread_id


def test_only_the_last_thread_is_rated(vera: Customer, chat: Chat) -> None:
    chats.deactivate(chat.pk, vera)
    chats.resume(chat.pk, vera, chats.Opening(continuous=True))
    with pytest.raises(NotAllowed, match="last thread"):
        rate(vera, chat, {"score": 1}, thread=True)


def test_no_agent_rates(cast: Cast, chat: Chat) -> None:
    with pytest.raises(NotAllowed):
        properties.update(Place(chat.pk), cast.ann, BOTH)


def test_a_chat_may_start_with_one(vera: Customer) -> None:
    chat = chats.start(vera, chats.Opening(continuous=True, chat_properties=BOTH)).chat
    assert Thread.objects.get(chat=chat).properties["rating"] == BOTH["rating"]
    assert len(notes(chat)) == 2


def test_every_text_can_be_filled_in() -> None:
    names = (
        "agent agent_added agent_removed comment customer duration email initiator score targets"
    )
    variables = dict.fromkeys(names.split(), "X")
    assert len(TEXTS) == 37
    assert all("%" not in str(text) % variables for text in TEXTS.values())
