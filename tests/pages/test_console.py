"""The console's pages: who gets in, what is shown, what was missed."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from livechat_widget.delivery.encode import Encoding, read
from livechat_widget.delivery.epoch import read_epoch
from livechat_widget.domain import chats, customers, events
from livechat_widget.models import Agent, Chat, Customer, Group
from livechat_widget.protocol.events import NewMessage
from livechat_widget.protocol.views import View
from tests.cast import Cast

CONSOLE = "admin:livechat_widget_chat_console"


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer(name="Vera", email="vera@example.org")


@pytest.fixture
def chat(cast: Cast, vera: Customer) -> Chat:
    return cast.chat(vera, "Is <this> on?")


def browser(agent: Agent, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(agent.user)
    return client


def get_chat(client: Client, chat: Chat) -> HttpResponse:
    return client.get(reverse(f"{CONSOLE}_chat", args=[chat.pk]))


def sync(client: Client, body: Any) -> HttpResponse:
    return client.post(reverse(f"{CONSOLE}_sync"), body, content_type="application/json")


def news(client: Client, known: dict[str, int]) -> list[dict[str, Any]]:
    response = sync(client, {"known": known})
    assert response.status_code == 200
    assert response.json()["epoch"] == read_epoch()
    return response.json()["pushes"]


def seq_of(chat: Chat) -> int:
    return Chat.objects.get(pk=chat.pk).customer.stream.seq


def test_it_works(cast: Cast, chat: Chat) -> None:
    response = browser(cast.ann).get(reverse(CONSOLE))
    page = response.content.decode()
    assert response.status_code == 200
    assert f'data-me="{cast.ann.login}"' in page
    assert f'data-agent="{cast.ann.public_id}"' in page
    assert f'id="lc-row-{chat.pk}"' in page
    assert f'data-seq="{seq_of(chat)}"' in page
    assert "Is &lt;this&gt; on?" in page


def test_it_runs_nothing_inline(cast: Cast, chat: Chat) -> None:
    page = browser(cast.ann).get(reverse(CONSOLE)).content.decode()
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", page) == []
    assert "<style" not in page
    assert not re.search(r"\s(on\w+|style)=", page)


def test_it_leads_strangers_to_the_login(chat: Chat) -> None:
    for name, *args in (("",), ("_chat", chat.pk)):
        response = Client().get(reverse(CONSOLE + name, args=args))
        assert response.status_code == 302
        assert "/login/" in response.headers["Location"]
    assert sync(Client(), {"known": {}}).status_code == 302


def test_it_asks_for_the_permission(cast: Cast, chat: Chat) -> None:
    cast.ann.user.user_permissions.clear()
    response = browser(cast.ann).get(reverse(CONSOLE))
    assert response.status_code == 403
    assert "Can answer chats in the console" in response.content.decode()
    assert get_chat(browser(cast.ann), chat).json()["error"]["type"] == "authorization"
    assert sync(browser(cast.ann), {"known": {}}).status_code == 403


def test_it_asks_for_an_agent_profile(cast: Cast) -> None:
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="use_console"))
    client = Client()
    client.force_login(clerk)
    response = client.get(reverse(CONSOLE))
    assert response.status_code == 403
    assert "no agent profile" in response.content.decode()


def test_it_lists_open_chats_only(cast: Cast, chat: Chat) -> None:
    chats.deactivate(chat.pk, cast.ann)
    assert f"lc-row-{chat.pk}" not in browser(cast.ann).get(reverse(CONSOLE)).content.decode()


def test_it_hides_the_chats_of_other_organizations(cast: Cast, chat: Chat) -> None:
    assert get_chat(browser(cast.ann), chat).status_code == 200
    stranger = browser(Cast().ann)
    assert chat.pk not in stranger.get(reverse(CONSOLE)).content.decode()
    assert get_chat(stranger, chat).status_code == 404
    assert news(stranger, {chat.pk: 0}) == []


def test_it_hides_the_chats_of_other_groups(cast: Cast, vera: Customer) -> None:
    repairs = Group.objects.create(organization=cast.organization, number=2, name="Repairs")
    opening = chats.Opening(group_number=2, continuous=True, events=[NewMessage(text="Broken")])
    chat = chats.start(vera, opening).chat
    outsider = browser(cast.ann)
    assert chat.pk not in outsider.get(reverse(CONSOLE)).content.decode()
    assert get_chat(outsider, chat).status_code == 404
    assert news(outsider, {chat.pk: 0}) == []
    cast.ann.groups.add(repairs)
    assert chat.pk in outsider.get(reverse(CONSOLE)).content.decode()
    assert get_chat(outsider, chat).status_code == 200


def test_a_pane_shows_who_asks_from_where_and_what_was_said(cast: Cast, chat: Chat) -> None:
    customers.open_page(chat.customer, "https://shop.example/cups", "Cups")
    cast.reply(chat, "It is!")
    pane = get_chat(browser(cast.ann), chat).content.decode()
    for expected in (
        f'data-seq="{seq_of(chat)}"',
        "vera@example.org",
        'href="https://shop.example/cups"',
        "Is &lt;this&gt; on?",
        "It is!",
    ):
        assert expected in pane


def test_a_pane_links_no_page_that_is_none(cast: Cast, chat: Chat) -> None:
    customers.open_page(chat.customer, "javascript:alert(1)", "Cups")
    pane = get_chat(browser(cast.ann), chat).content.decode()
    assert "javascript:alert(1)" in pane
    assert 'href="javascript' not in pane


def test_a_row_says_what_each_agent_has_seen(cast: Cast, vera: Customer, chat: Chat) -> None:
    cast.reply(chat, "Yes")
    last = events.send(chat.pk, vera, NewMessage(text="Good")).event
    page = browser(cast.ann).get(reverse(CONSOLE)).content.decode()
    seen = re.search(rf'data-seen="{cast.ann.public_id}=(\S+)"', page)
    said = re.search(r'data-said="(\S+) (\S+)"', page)
    assert seen
    assert said
    assert said[1] < seen[1] < said[2]
    assert said[2][:26] == last.created_at.isoformat()[:26]


def test_the_list_costs_the_same_for_many_chats(cast: Cast, chat: Chat) -> None:
    client = browser(cast.ann)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(CONSOLE))
        return len(queries)

    cost()  # the first look fills Django's caches
    one = cost()
    for _ in range(5):
        cast.reply(cast.chat(), "Hello")
    assert cost() == one


def test_news_are_what_the_page_does_not_hold(cast: Cast, vera: Customer, chat: Chat) -> None:
    client = browser(cast.ann)
    assert news(client, {chat.pk: seq_of(chat)}) == []
    held = seq_of(chat)
    event = events.send(chat.pk, vera, NewMessage(text="Hello?")).event
    [push] = news(client, {chat.pk: held})
    assert push["seq"] == held + 1
    assert push["payload"]["event"]["id"] == str(event.pk)
    assert f'id="lc-{vera.pk}-{event.pk}"' in push["html"]
    assert f'hx-swap-oob="beforeend:#lc-events-{chat.pk}"' in push["html"]
    assert f'id="lc-row-{chat.pk}"' in push["html"]


def test_news_bring_chats_that_are_new(cast: Cast, chat: Chat) -> None:
    [push] = news(browser(cast.ann), {})
    assert push["action"] == "incoming_chat"
    for part in ("row", "head", "foot", "events"):
        assert f'id="lc-{part}-{chat.pk}"' in push["html"]


def test_news_go_over_many_pages(cast: Cast, vera: Customer, chat: Chat) -> None:
    for number in range(130):
        events.send(chat.pk, vera, NewMessage(text=str(number)))
    pushes = news(browser(cast.ann), {chat.pk: 0})
    assert [push["seq"] for push in pushes] == list(range(1, seq_of(chat) + 1))


@pytest.mark.parametrize("body", ["", "[]", '{"known": 1}', '{"known": {"A": -1}}', "\xff"])
def test_news_are_asked_for_in_good_form(cast: Cast, body: str) -> None:
    response = sync(browser(cast.ann), body)
    assert response.status_code == 400
    assert response.json()["error"]["type"] == "validation"


def test_a_body_has_its_limit(cast: Cast) -> None:
    body = json.dumps({"known": {f"CHAT{number:06}": 1 for number in range(5000)}})
    assert sync(browser(cast.ann), body).status_code == 413


def test_every_push_is_drawn_without_queries(cast: Cast, vera: Customer, chat: Chat) -> None:
    cast.reply(chat, "Yes")
    customers.update(vera, name="Vera Cruz")
    events.mark_as_seen(chat.pk, vera, events.Event.objects.latest("created_at").created_at)
    chats.deactivate(chat.pk, cast.ann)
    encodings = {Encoding(View.AGENT, "3.5", "en")}
    stream_id = vera.stream.pk

    def pushes() -> tuple[int, list[dict[str, Any]]]:
        with CaptureQueriesContext(connection) as queries:
            items = read(stream_id, View.AGENT, 0, encodings).items
        return len(queries), [json.loads(frame) for one in items for frame in one.frames.values()]

    before, drawn = pushes()
    assert {push["action"] for push in drawn} == {
        "incoming_chat",
        "incoming_event",
        "user_added_to_chat",
        "customer_updated",
        "events_marked_as_seen",
        "chat_deactivated",
    }
    for push in drawn:
        assert f'id="lc-row-{chat.pk}"' in push["html"], push["action"]
    chats.resume(chat.pk, vera, chats.Opening(events=[NewMessage(text="Again")]))
    cast.reply(chat, "Hello again")
    after, _ = pushes()
    assert after == before
