"""The widget's page and the acts behind its forms."""

import re
import uuid
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from livechat_widget.delivery.epoch import read_epoch
from livechat_widget.domain import bans, chats, events, tokens
from livechat_widget.models import ChatUser, Customer, Event, Organization, Thread
from livechat_widget.protocol.events import NewMessage
from livechat_widget.protocol.times import format_time
from tests.cast import Cast

WIDGET = "/livechat/widget/"


@pytest.fixture
def site(cast: Cast) -> Cast:
    """The cast's organization is the one of the site."""
    Organization.objects.exclude(pk=cast.organization.pk).update(site_id=None)
    Organization.objects.exclude(pk=cast.organization.pk).delete()
    return cast


@pytest.fixture
def vera(site: Cast) -> Customer:
    return site.customer()


def act(client: Client, customer: Customer, name: str, /, **form: Any) -> HttpResponse:
    token = f"Bearer {tokens.mint(customer)}"
    return client.post(f"{WIDGET}{name}", form, headers={"Authorization": token})


def test_it_shows_a_page_for_a_new_visitor(client: Client, site: Cast) -> None:
    response = client.get(WIDGET)
    page = response.content.decode()
    found = re.search('data-token="([^"]+)"', page)
    assert found
    customer = tokens.read(found[1])
    assert customer.organization == site.organization
    assert f'data-me="{customer.pk}"' in page
    assert (
        customer.pk
        == tokens.open_identity(next(iter(response.cookies.values())).value, site.organization).pk
    )


def test_it_knows_the_visitor_again(client: Client, site: Cast) -> None:
    first = re.search('data-me="([^"]+)"', client.get(WIDGET).content.decode())
    second = re.search('data-me="([^"]+)"', client.get(WIDGET).content.decode())
    assert first
    assert second
    assert first[1] == second[1]


def test_it_may_be_framed_and_runs_nothing_inline(client: Client, site: Cast) -> None:
    site.organization.trusted_origins = ["https://shop.example"]
    site.organization.save()
    response = client.get(WIDGET)
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'self' https://shop.example" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "X-Frame-Options" not in response
    assert response["Cache-Control"] == "no-store"
    page = response.content.decode()
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son[a-z]+=", page)


def test_it_shows_the_conversation_as_the_log_has_it(client: Client, site: Cast) -> None:
    page = client.get(WIDGET).content.decode()
    me = re.search('data-me="([^"]+)"', page)
    assert me
    customer = Customer.objects.get(pk=me[1])
    chat = site.chat(customer, "Is <b>this</b> on?")
    site.reply(chat, "Yes")
    page = client.get(WIDGET).content.decode()
    assert "Is &lt;b&gt;this&lt;/b&gt; on?" in page
    assert "Yes" in page
    customer.stream.refresh_from_db()
    assert f'data-seq="{customer.stream.public_seq}"' in page
    assert page.count('class="lc-event lc-event--message') == 2


def test_send_starts_a_chat_with_name_and_address(client: Client, vera: Customer) -> None:
    response = act(
        client, vera, "messages", text="Hello", custom_id="c1", name=" Vera ", email="v@example.org"
    )
    assert (response.status_code, response.content) == (204, b"")
    vera.refresh_from_db()
    assert (vera.name, vera.email) == ("Vera", "v@example.org")
    event = Event.objects.get(chat__customer=vera)
    assert (event.content, event.custom_id) == ({"text": "Hello"}, "c1")


def test_send_goes_on_in_an_active_chat_and_resumes_an_ended_one(
    client: Client, site: Cast, vera: Customer
) -> None:
    chat = site.chat(vera)
    act(client, vera, "messages", text="one", custom_id="c1")
    assert Thread.objects.filter(chat=chat).count() == 1
    chats.deactivate(chat.pk, site.ann)
    act(client, vera, "messages", text="two", custom_id="c2")
    assert Thread.objects.filter(chat=chat).count() == 2
    assert Thread.objects.get(chat=chat, active=True).events.get().content == {"text": "two"}


@pytest.mark.parametrize("before", ["none", "active", "ended"])
def test_send_is_harmless_twice(client: Client, site: Cast, vera: Customer, before: str) -> None:
    if before != "none":
        chat = site.chat(vera)
        if before == "ended":
            chats.deactivate(chat.pk, site.ann)
    for _ in range(2):
        assert act(client, vera, "messages", text="Hi", custom_id="c1").status_code == 204
    assert Event.objects.filter(chat__customer=vera, custom_id="c1").count() == 1


def test_send_of_a_message_whose_chat_ended_meanwhile_is_not_repeated(
    client: Client, site: Cast, vera: Customer
) -> None:
    chat = site.chat(vera)
    act(client, vera, "messages", text="Hi", custom_id="c1")
    chats.deactivate(chat.pk, site.ann)
    assert act(client, vera, "messages", text="Hi", custom_id="c1").status_code == 204
    assert Event.objects.filter(chat=chat, custom_id="c1").count() == 1
    assert Thread.objects.filter(chat=chat).count() == 1


def test_send_works_when_nobody_is_online(client: Client, site: Cast, vera: Customer) -> None:
    site.ann.accepting = False
    site.ann.save()
    assert act(client, vera, "messages", text="Hello", custom_id="c1").status_code == 204


@pytest.mark.parametrize(
    "form",
    [
        {"custom_id": "c1"},
        {"text": "Hello"},
        {"text": " ", "custom_id": "c1"},
        {"text": "a\x00", "custom_id": "c1"},
        {"text": "x" * 16_385, "custom_id": "c1"},
        {"text": "Hello", "custom_id": "x" * 256},
        {"text": "Hello", "custom_id": "c1", "name": "x" * 201},
    ],
)
def test_send_refuses_a_bad_form(client: Client, vera: Customer, form: dict[str, str]) -> None:
    response = act(client, vera, "messages", **form)
    assert response.status_code == 400
    assert response.json()["error"]["type"] == "validation"
    assert not Event.objects.filter(chat__customer=vera).exists()


def test_send_refuses_a_huge_body(client: Client, vera: Customer) -> None:
    response = act(client, vera, "messages", text="x" * 100_000, custom_id="c1")
    assert (response.status_code, response.json()["error"]["type"]) == (413, "entity_too_large")


@pytest.mark.parametrize("name", ["messages", "typing", "seen", "close"])
def test_acts_need_a_token_and_take_no_cookie(client: Client, site: Cast, name: str) -> None:
    client.get(WIDGET)
    assert client.cookies
    response = client.post(f"{WIDGET}{name}", {"text": "Hello", "custom_id": "c1"})
    assert (response.status_code, response.json()["error"]["type"]) == (401, "authentication")


@pytest.mark.parametrize("name", ["messages", "typing", "seen", "close"])
def test_acts_refuse_get(client: Client, vera: Customer, name: str) -> None:
    token = f"Bearer {tokens.mint(vera)}"
    response = client.get(f"{WIDGET}{name}", headers={"Authorization": token})
    assert response.status_code == 400


@pytest.mark.parametrize("name", ["typing", "seen", "close"])
def test_acts_on_a_chat_that_is_not_there_are_not_found(
    client: Client, vera: Customer, name: str
) -> None:
    form = {"text": "x", "seen_up_to": "2026-01-01T00:00:00.000000Z"}
    assert act(client, vera, name, **form).json()["error"]["type"] == "not_found"


def test_close_ends_the_chat(client: Client, site: Cast, vera: Customer) -> None:
    chat = site.chat(vera)
    assert act(client, vera, "close").status_code == 204
    assert not Thread.objects.get(chat=chat).active


def test_seen_moves_the_mark(client: Client, site: Cast, vera: Customer) -> None:
    chat = site.chat(vera)
    event = site.reply(chat, "Good day")
    act(client, vera, "seen", seen_up_to=format_time(event.created_at))
    assert ChatUser.objects.get(chat=chat, agent=None).seen_up_to == event.created_at
    assert act(client, vera, "seen", seen_up_to="now").status_code == 400


def test_history_goes_back_page_by_page(client: Client, site: Cast, vera: Customer) -> None:
    chat = site.chat(vera, "number 0")
    for number in range(1, 120):
        events.send(chat.pk, vera, NewMessage(text=f"number {number}"))
    site.chat(site.customer(), "not hers")
    page = draw_page(client, vera)
    shown: list[str] = []
    for _ in range(5):
        shown = [*re.findall("number ([0-9]+)", page), *shown]
        older = re.search(f'data-lc-older="{WIDGET}history\\?before=([^"]+)"', page)
        if not older:
            break
        page = look_back(client, vera, older[1]).content.decode()
        assert 'hx-swap-oob="afterbegin:#lc-events"' in page
    assert shown == [str(number) for number in range(120)]


def draw_page(client: Client, customer: Customer) -> str:
    name = tokens.cookie_name(customer.organization, secure=False)
    client.cookies[name] = tokens.seal_identity(customer)
    return client.get(WIDGET).content.decode()


def look_back(client: Client, customer: Customer, before: str) -> HttpResponse:
    token = f"Bearer {tokens.mint(customer)}"
    return client.get(f"{WIDGET}history", {"before": before}, headers={"Authorization": token})


def test_history_is_the_customers_own(client: Client, site: Cast, vera: Customer) -> None:
    now = "2126-01-01T00:00:00.000000Z"
    assert look_back(client, vera, now).status_code == 404
    site.chat(vera)
    assert look_back(client, vera, "now").status_code == 400
    assert client.get(f"{WIDGET}history", {"before": now}).status_code == 401


def test_news_brings_what_came_after(client: Client, site: Cast, vera: Customer) -> None:
    chat = site.chat(vera)
    vera.stream.refresh_from_db()
    seq, epoch = vera.stream.public_seq, read_epoch()
    site.reply(chat, "Good <day>")
    answer = news(client, vera, epoch=epoch, after=seq).json()
    assert answer["seq"] == seq + 2
    assert [push["action"] for push in answer["pushes"]] == [
        "user_added_to_chat",
        "incoming_event",
    ]
    assert "Good &lt;day&gt;" in answer["pushes"][1]["html"]
    assert news(client, vera, epoch=epoch, after=seq + 2).json()["pushes"] == []


def test_news_resets_a_cursor_that_cannot_be_served(client: Client, vera: Customer) -> None:
    epoch = read_epoch()
    assert news(client, vera, epoch=uuid.uuid4(), after=0).json() == {"reset": True}
    assert news(client, vera, epoch=epoch, after=99).json() == {"reset": True}


@pytest.mark.parametrize("after", ["", "-1", "x", "9" * 30, "١"])
def test_news_refuses_a_bad_number(client: Client, vera: Customer, after: str) -> None:
    assert news(client, vera, epoch=read_epoch(), after=after).status_code == 400


def news(client: Client, customer: Customer, **query: Any) -> HttpResponse:
    token = f"Bearer {tokens.mint(customer)}"
    return client.get(f"{WIDGET}news", query, headers={"Authorization": token})


def test_who_is_kept_out_sees_no_chat_and_can_do_nothing(client: Client, site: Cast) -> None:
    client.get(WIDGET)
    vera = Customer.objects.get()
    bans.ban(vera, 1)
    response = client.get(WIDGET)
    assert response.status_code == 403
    assert "There is no chat here for you at the moment." in response.content.decode()
    assert "frame-ancestors" in response["Content-Security-Policy"]
    answer = act(client, vera, "messages", text="Hello", custom_id="c1")
    assert (answer.status_code, answer.json()["error"]["type"]) == (403, "customer_banned")
    assert Client().get(WIDGET).status_code == 200


def test_a_suspended_organization_shows_no_chat(client: Client, site: Cast) -> None:
    site.organization.suspended = True
    site.organization.save()
    assert client.get(WIDGET).status_code == 403


def test_while_the_database_is_away_it_says_so(
    client: Client, site: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(request: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("livechat_widget.domain.organizations.of_site", fail)
    response = client.get(WIDGET)
    assert response.status_code == 503
    assert "The chat is not available just now." in response.content.decode()
    assert response["Content-Security-Policy"].startswith("default-src 'none'")


def test_it_shows_who_is_there(client: Client, site: Cast) -> None:
    site.agent("Ben", accepting=False)
    site.agent("Cleo", here=False)
    welcome = client.get(WIDGET).content.decode().partition('id="lc-welcome"')[2]
    faces = re.findall(r'class="lc-avatar"[^>]*>\s*(\w+)', welcome.partition("</h2>")[0])
    assert faces == ["A"]
