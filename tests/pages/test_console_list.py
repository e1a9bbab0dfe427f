"""The console's list has an end: what is on it, what is not, and how the rest comes."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from livechat_widget.delivery import agents as desks
from livechat_widget.delivery.agents import Desk
from livechat_widget.domain import chats, events
from livechat_widget.models import Chat
from livechat_widget.protocol.events import NewMessage
from tests.cast import Cast

CONSOLE = "admin:livechat_widget_chat_console"


@pytest.fixture(autouse=True)
def short_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "MOST_LISTED", 3)


@pytest.fixture
def ann(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ann.user)
    return client


def page_of(client: Client) -> str:
    return client.get(reverse(CONSOLE)).content.decode()


def listed(page: str) -> list[str]:
    return re.findall(r'<li class="lc-row" id="lc-row-(\w+)"', page)


def ids(*found: Chat) -> set[str]:
    return {chat.pk for chat in found}


def seq_of(chat: Chat) -> int:
    return Chat.objects.get(pk=chat.pk).customer.stream.seq


def known(*held: Chat) -> dict[str, int]:
    return {chat.pk: seq_of(chat) for chat in held}


def news(client: Client, held: dict[str, int]) -> list[dict[str, Any]]:
    url = reverse(f"{CONSOLE}_sync")
    response = client.post(url, {"known": held}, content_type="application/json")
    assert response.status_code == 200
    return response.json()["pushes"]


def test_it_works(cast: Cast, ann: Client) -> None:
    """The agent's own chats are on it in any case, then who has waited longest."""
    bob = cast.agent("Bob")
    others, first, second, third, mine = (cast.chat() for _ in range(5))
    cast.reply(others, "Hello", bob)
    cast.reply(mine, "Hello")
    page = page_of(ann)
    assert set(listed(page)) == ids(mine, first, second)
    assert "2 more chats" in page
    chats.deactivate(first.pk, cast.ann)
    chats.deactivate(second.pk, cast.ann)
    page = page_of(ann)
    assert set(listed(page)) == ids(mine, third, others)
    assert "more chat" not in page


def test_a_colleague_who_has_left_a_chat_does_not_answer_it(cast: Cast, ann: Client) -> None:
    left, *answered = (cast.chat() for _ in range(4))
    bob = cast.agent("Bob")
    for chat in answered:
        cast.reply(chat, "Hello", bob)
    left.chat_users.create(author=bob.public_id, agent=bob, present=False)
    assert left.pk in listed(page_of(ann))


def test_the_rest_is_not_told_anew(cast: Cast, ann: Client) -> None:
    """What the page could not show must not come over the socket or by polls all the same."""
    held = [cast.chat() for _ in range(3)]
    cast.chat()
    assert news(ann, known(*held)) == []


def test_the_rest_moves_up(cast: Cast, ann: Client) -> None:
    *held, left_out = (cast.chat() for _ in range(4))
    before = known(*held)
    chats.deactivate(held[0].pk, cast.ann)
    pushes = {push["action"]: push["payload"] for push in news(ann, before)}
    assert "chat_deactivated" in pushes
    assert pushes["incoming_chat"]["chat"]["id"] == left_out.pk


def test_the_rest_is_followed_from_now_on(cast: Cast) -> None:
    *held, left_out = (cast.chat() for _ in range(4))
    desk = Desk(cast.ann.pk, cast.organization.pk)
    stream = left_out.customer.stream
    assert desks.cursors(desk, known(*held))[stream.pk] == seq_of(left_out)
    events.send(left_out.pk, left_out.customer, NewMessage(text="Hello?"))
    known_now = {**known(*held), left_out.pk: seq_of(left_out) - 1}
    assert desks.cursors(desk, known_now)[stream.pk] == seq_of(left_out) - 1


def test_what_is_new_to_a_short_list_is_told_from_its_start(cast: Cast) -> None:
    desk = Desk(cast.ann.pk, cast.organization.pk)
    held, new = cast.chat(), cast.chat()
    cursors = desks.cursors(desk, known(held))
    assert cursors[new.customer.stream.pk] == 0
    assert cursors[held.customer.stream.pk] == seq_of(held)


def test_a_long_list_costs_what_a_short_one_does(cast: Cast, ann: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(ann)
        return len(queries)

    cast.chat()
    cost()  # the first look fills Django's caches
    one = cost()
    for _ in range(5):
        cast.chat()
    assert cost() == one
