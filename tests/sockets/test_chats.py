"""Chats start, end, and start again."""

from typing import Any

import pytest

from livechat_widget.domain import chats
from livechat_widget.models import Chat, Event, Thread
from tests.cast import Cast
from tests.sockets.conftest import Connect
from tests.sockets.messages import message, opening


def test_it_starts(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer(name="Vera")
    vera = connect(customer)
    answer = vera.ask_ok("start_chat", opening(message("Hello", "c1")))
    push = vera.push("incoming_chat")
    chat = push["payload"]["chat"]
    assert chat["id"] == answer["chat_id"]
    assert chat["thread"]["id"] == answer["thread_id"]
    assert chat["thread"]["active"] is True
    assert [event["id"] for event in chat["thread"]["events"]] == answer["event_ids"]
    assert chat["thread"]["events"][0]["custom_id"] == "c1"
    assert [user["id"] for user in chat["users"]] == [str(customer.pk)]
    assert chat["users"][0]["present"] is True
    assert chat["access"] == {"group_ids": [0]}
    assert Chat.objects.get(pk=chat["id"]).customer == customer


def test_it_starts_without_events(connect: Connect, live_cast: Cast) -> None:
    vera = connect(live_cast.customer())
    assert "event_ids" not in vera.ask_ok("start_chat", {})
    assert vera.push("incoming_chat")["payload"]["chat"]["thread"]["events"] == []


def test_it_starts_inactive(connect: Connect, live_cast: Cast) -> None:
    vera = connect(live_cast.customer())
    vera.ask_ok("start_chat", {"active": False})
    assert vera.push("incoming_chat")["payload"]["chat"]["thread"]["active"] is False


def test_it_starts_once_per_customer(connect: Connect, live_cast: Cast) -> None:
    vera = connect(live_cast.customer())
    vera.ask_ok("start_chat", opening())
    assert vera.error("start_chat", opening())["type"] == "chat_limit_reached"


@pytest.mark.parametrize("action", ["start_chat", "resume_chat"])
def test_it_answers_a_retry_as_the_first_time(
    connect: Connect, live_cast: Cast, action: str
) -> None:
    customer = live_cast.customer()
    vera = connect(customer)
    payload = opening(message("Hello", "c1"))
    if action == "resume_chat":
        chat = live_cast.chat(customer, "Before")
        chats.deactivate(chat.pk, live_cast.ann)
        payload["chat"]["id"] = chat.pk
    first = vera.ask_ok(action, payload)
    threads = Thread.objects.filter(chat__customer=customer).count()
    again = vera.ask_ok(action, payload)
    assert again == first
    assert Thread.objects.filter(chat__customer=customer).count() == threads
    assert Event.objects.filter(chat__customer=customer, custom_id="c1").count() == 1


def test_it_needs_somebody_online(connect: Connect, live_cast: Cast) -> None:
    live_cast.ann.accepting = False
    live_cast.ann.save()
    vera = connect(live_cast.customer())
    assert vera.error("start_chat", opening())["type"] == "groups_offline"
    assert vera.ask_ok("start_chat", opening(continuous=True))


def test_it_refuses_an_unknown_group(connect: Connect, live_cast: Cast) -> None:
    vera = connect(live_cast.customer())
    error = vera.error("start_chat", {"chat": {"access": {"group_ids": [7]}}})
    assert error["type"] == "group_not_found"


def test_it_ends(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)
    vera.ask_ok("deactivate_chat", {"id": chat.pk})
    note = vera.push("incoming_event")["payload"]["event"]
    ended = vera.push("chat_deactivated")["payload"]
    assert note["system_message_type"] == "manual_archived_customer"
    assert "author_id" not in note
    assert ended["chat_id"] == chat.pk
    assert ended["user_id"] == str(customer.pk)
    assert not Thread.objects.get(chat=chat).active


def test_it_ends_once(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    chats.deactivate(chat.pk, live_cast.ann)
    assert connect(customer).error("deactivate_chat", {"id": chat.pk})["type"] == "chat_inactive"


def test_it_resumes(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    chats.deactivate(chat.pk, live_cast.ann)
    vera = connect(customer)
    payload: dict[str, Any] = opening(message("Me again"))
    payload["chat"]["id"] = chat.pk
    answer = vera.ask_ok("resume_chat", payload)
    thread = vera.push("incoming_chat")["payload"]["chat"]["thread"]
    assert (thread["id"], thread["active"]) == (answer["thread_id"], True)
    assert thread["previous_thread_id"] == chat.last_thread_id
    assert [event["text"] for event in thread["events"]] == ["Me again"]
    assert Thread.objects.filter(chat=chat).count() == 2


def test_it_does_not_resume_an_active_chat(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    error = connect(customer).error("resume_chat", {"chat": {"id": chat.pk}})
    assert error["type"] == "chat_already_active"


def test_it_tells_every_connection(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    first, second = connect(customer), connect(customer, version="3.3")
    first.ask_ok("start_chat", opening())
    assert first.push("incoming_chat")["request_id"]
    push = second.push("incoming_chat")
    assert "request_id" not in push
    assert push["version"] == "3.3"


def test_it_shows_agents_by_an_opaque_id(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    live_cast.reply(chat, "Good day")
    shown = connect(customer).ask_ok("get_chat", {"chat_id": chat.pk})
    agent = next(user for user in shown["users"] if user["type"] == "agent")
    assert (agent["id"], agent["name"]) == (live_cast.ann.public_id, "Ann")
    assert live_cast.ann.login not in str(shown)
    assert shown["thread"]["events"][-1]["author_id"] == live_cast.ann.public_id


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("get_chat", {"chat_id": "{chat}"}),
        ("list_threads", {"chat_id": "{chat}"}),
        ("deactivate_chat", {"id": "{chat}"}),
        ("resume_chat", {"chat": {"id": "{chat}"}}),
        ("send_event", {"chat_id": "{chat}", "event": message()}),
        ("mark_events_as_seen", {"chat_id": "{chat}", "seen_up_to": "2026-01-01T00:00:00Z"}),
        ("send_sneak_peek", {"chat_id": "{chat}", "sneak_peek_text": "I"}),
    ],
)
def test_it_answers_the_same_for_a_foreign_chat_as_for_an_absent_one(
    connect: Connect, live_cast: Cast, action: str, payload: dict[str, Any]
) -> None:
    foreign = live_cast.chat()
    mallory = connect(live_cast.customer())
    events = Event.objects.filter(chat=foreign).count()
    answers = [mallory.error(action, fill(payload, chat)) for chat in (foreign.pk, "ABSENT2345")]
    assert answers[0] == answers[1]
    assert answers[0]["type"] == "not_found"
    assert Event.objects.filter(chat=foreign).count() == events
    assert Thread.objects.get(chat=foreign).active


def fill(payload: Any, chat: str) -> Any:
    if isinstance(payload, dict):
        return {key: fill(value, chat) for key, value in payload.items()}
    return chat if payload == "{chat}" else payload
