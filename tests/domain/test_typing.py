"""What is said in passing: who is told, in which words, and in which versions."""

import json
from typing import Any

import pytest
from msgspec import convert, to_builtins

from livechat_widget.delivery import publish
from livechat_widget.delivery.encode import Encoding, encode_push
from livechat_widget.domain import chats, typing
from livechat_widget.errors import ChatInactive, NotAllowed
from livechat_widget.models import Agent, Chat
from livechat_widget.protocol.pushes import PUSHES
from livechat_widget.protocol.versions import VERSIONS
from livechat_widget.protocol.views import View
from tests.cast import Cast

LATER = {"3.6", "3.7"}


def told(act: Any, chat: Chat, agent: Agent, *args: Any) -> dict[str, publish.Ephemeral]:
    """By the view."""
    with publish.collected() as news:
        act(chat.pk, agent, *args)
    return {one.view: one for one in news}


@pytest.fixture
def chat(cast: Cast) -> Chat:
    chat = cast.chat()
    chats.join(chat.pk, cast.ann)
    return chat


def test_it_works(cast: Cast, chat: Chat) -> None:
    for view, news in told(typing.think, chat, cast.ann, "Looking it up", "", "t1").items():
        payload = news.payload
        assert payload["author_id"] == (
            cast.ann.public_id if view == View.CUSTOMER else cast.ann.login
        )
        assert (payload["title"], payload["custom_id"]) == ("Looking it up", "t1")
        assert to_builtins(convert(payload, PUSHES[news.action])) == payload


def test_a_preview_has_no_id(cast: Cast, chat: Chat) -> None:
    for news in told(typing.preview, chat, cast.ann, "We do ship to").values():
        event = news.payload["event"]
        assert (event["text"], "id" in event) == ("We do ship to", False)
        assert to_builtins(convert(news.payload, PUSHES[news.action])) == news.payload


def test_only_later_versions_hear_of_it(cast: Cast, chat: Chat) -> None:
    for act in (typing.think, typing.preview):
        news = told(act, chat, cast.ann, "Hm")[View.CUSTOMER]
        frames = {
            version: encode_push(Encoding(View.CUSTOMER, version), news.action, news.payload)
            for version in VERSIONS
        }
        assert {version for version, frame in frames.items() if frame} == LATER
        assert json.loads(frames["3.6"] or b"")["payload"] == news.payload


def test_it_refuses_who_is_not_in_the_chat(cast: Cast) -> None:
    chat = cast.chat()
    for act in (typing.think, typing.preview):
        with pytest.raises(NotAllowed):
            act(chat.pk, cast.ann, "Hm")


def test_it_refuses_a_chat_that_has_ended(cast: Cast, chat: Chat) -> None:
    chats.deactivate(chat.pk, cast.ann)
    with pytest.raises(ChatInactive):
        typing.think(chat.pk, cast.ann)
