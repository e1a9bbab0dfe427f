"""Greetings through a socket: every tab hears, nobody else does."""

import pytest

from livechat_widget.domain import greetings
from livechat_widget.models import Customer, Greeting
from tests.cast import Cast
from tests.sockets.conftest import Connect

PAGE = {"url": "https://shop.example/cups", "title": "Cups"}


@pytest.mark.parametrize("version", ["3.3", "3.5"])
def test_an_agent_greets_a_customer(connect: Connect, live_cast: Cast, version: str) -> None:
    vera = live_cast.customer()
    template = live_cast.greeting()
    first, second = connect(vera, version=version), connect(vera)
    stranger = connect(live_cast.customer())
    shown = greetings.send(str(vera.pk), live_cast.ann, template.pk)
    for tab in (first, second):
        push = tab.push("incoming_greeting")
        assert push["seq"] == 1
        payload = push["payload"]
        assert (payload["id"], payload["unique_id"]) == (template.pk, shown.pk)
        assert payload["displayed_first_time"] is True
        assert payload["event"]["text"] == "May I help?"
        assert payload["agent"]["id"] == live_cast.ann.public_id
        assert live_cast.ann.login not in str(push)
    assert stranger.pushes() == []


def test_accepting_is_told_to_every_tab(connect: Connect, live_cast: Cast) -> None:
    vera = live_cast.customer()
    template = live_cast.greeting()
    shown = greetings.send(str(vera.pk), live_cast.ann, template.pk)
    first, second = connect(vera), connect(vera, version="3.3")
    stranger = connect(live_cast.customer())
    ids = {"greeting_id": template.pk, "unique_id": shown.pk}
    assert first.ask_ok("accept_greeting", ids) == {}
    for tab in (first, second):
        push = tab.push("greeting_accepted")
        assert (push["payload"], push["seq"]) == ({"unique_id": shown.pk}, 2)
    assert stranger.pushes() == []
    assert Greeting.objects.get(pk=shown.pk).accepted
    statistics = first.ask_ok("get_customer")["statistics"]
    assert statistics["greetings_shown_count"] == statistics["greetings_accepted_count"] == 1


def test_cancelling_is_told_to_every_tab(connect: Connect, live_cast: Cast) -> None:
    vera = live_cast.customer()
    shown = greetings.send(str(vera.pk), live_cast.ann, live_cast.greeting().pk)
    first, second = connect(vera), connect(vera, version="3.3")
    stranger = connect(live_cast.customer())
    assert first.ask_ok("cancel_greeting", {"unique_id": shown.pk}) == {}
    for tab in (first, second):
        assert tab.push("greeting_canceled")["payload"] == {"unique_id": shown.pk}
    assert stranger.pushes() == []
    assert Greeting.objects.get(pk=shown.pk).canceled


def test_it_answers_the_same_for_a_foreign_greeting_as_for_an_absent_one(
    connect: Connect, live_cast: Cast
) -> None:
    template = live_cast.greeting()
    shown = greetings.send(str(live_cast.customer().pk), live_cast.ann, template.pk)
    mallory = connect(live_cast.customer())
    for action in ("accept_greeting", "cancel_greeting"):
        answers = [
            mallory.error(action, {"greeting_id": template.pk, "unique_id": one})
            for one in (shown.pk, "ABSENT2345", "nonsense", "ü" * 100)
        ]
        assert answers[0]["type"] == "greeting_not_found"
        assert answers == answers[:1] * 4
    shown.refresh_from_db()
    assert not (shown.accepted)
    assert not (shown.canceled)


def test_the_login_shows_what_waits(connect: Connect, live_cast: Cast) -> None:
    vera = live_cast.customer()
    assert "greeting" not in connect(vera).login
    template = live_cast.greeting()
    shown = greetings.send(str(vera.pk), live_cast.ann, template.pk)
    greeting = connect(vera).login["greeting"]
    assert (greeting["unique_id"], greeting["accepted"]) == (shown.pk, False)
    assert greeting["displayed_first_time"] is False
    greetings.accept(vera, template.pk, shown.pk)
    assert connect(vera).login["greeting"]["accepted"] is True
    live_cast.chat(vera)
    assert "greeting" not in connect(vera).login


def test_a_login_is_greeted_by_its_page(connect: Connect, live_cast: Cast) -> None:
    conditions = [
        {"type": "page_url", "patterns": ["*/cups"]},
        {"type": "referrer", "patterns": ["https://search.example/*"]},
        {"type": "visits", "at_least": 1},
    ]
    live_cast.greeting(active=True, conditions=conditions)
    vera = live_cast.customer()
    login = {"customer_page": PAGE, "referrer": "https://search.example/?q=cups"}
    first = connect(vera, login=login)
    greeting = first.login["greeting"]
    assert greeting["displayed_first_time"] is True
    assert first.login["customer"]["statistics"]["greetings_shown_count"] == 1
    assert connect(vera, login=login).login["greeting"] == {
        **greeting,
        "displayed_first_time": False,
    }
    assert first.pushes() == []
    assert Greeting.objects.filter(customer=vera).count() == 1


def test_a_page_greets_every_tab(connect: Connect, live_cast: Cast) -> None:
    live_cast.greeting(active=True, conditions=[{"type": "page_title", "contains": "cups"}])
    vera = live_cast.customer()
    first, second = connect(vera), connect(vera)
    stranger = connect(live_cast.customer())
    assert first.ask_ok("update_customer_page", {"url": "https://shop.example/"}) == {}
    assert first.ask_ok("update_customer_page", PAGE) == {}
    for tab in (first, second):
        assert tab.push("incoming_greeting")["seq"] == 1
    assert stranger.pushes() == []
    assert Customer.objects.get(pk=vera.pk).greetings_shown_count == 1


def test_who_comes_back_gets_a_missed_greeting_once(connect: Connect, live_cast: Cast) -> None:
    vera = live_cast.customer()
    cursor = connect(vera).login["sync"]
    shown = greetings.send(str(vera.pk), live_cast.ann, live_cast.greeting().pk)
    back = connect(vera, login={"cursor": cursor})
    assert back.push("incoming_greeting")["payload"]["unique_id"] == shown.pk
    assert back.pushes() == ["incoming_greeting"]
    assert "greeting" not in back.login
    other = {**cursor, "epoch": "another"}
    assert connect(vera, login={"cursor": other}).login["greeting"]["unique_id"] == shown.pk
