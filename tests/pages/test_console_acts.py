"""What an agent does in the console: each act's effect, and who may not."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from livechat_widget.domain import chats, events
from livechat_widget.models import Agent, Chat, ChatUser, Customer, Group
from livechat_widget.protocol.events import NewMessage
from livechat_widget.protocol.times import format_time
from tests.cast import Cast

ACTS: list[tuple[str, dict[str, str]]] = [
    ("take", {}),
    ("messages", {"text": "Hello", "custom_id": "c1"}),
    ("typing", {"is_typing": "1"}),
    ("seen", {"seen_up_to": "2030-01-01T00:00:00Z"}),
    ("close", {}),
]


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer()


@pytest.fixture
def chat(cast: Cast, vera: Customer) -> Chat:
    return cast.chat(vera, "Is this on?")


def browser(agent: Agent, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(agent.user)
    return client


def act(client: Client, chat: Chat | str, name: str, /, **form: Any) -> HttpResponse:
    chat_id = chat if isinstance(chat, str) else chat.pk
    url = reverse(f"admin:livechat_widget_chat_console_{name}", args=[chat_id])
    return client.post(url, form)


def set_accepting(client: Client, **form: Any) -> HttpResponse:
    return client.post(reverse("admin:livechat_widget_chat_console_accepting"), form)


def is_present(agent: Agent, chat: Chat) -> bool:
    return ChatUser.objects.filter(chat=chat, agent=agent, present=True).exists()


def log_of(chat: Chat) -> list[str]:
    return list(chat.customer.stream.entries.order_by("seq").values_list("action", flat=True))


def test_taking_works(cast: Cast, chat: Chat) -> None:
    response = act(browser(cast.ann), chat, "take")
    assert response.status_code == 204
    assert response.content == b""
    assert is_present(cast.ann, chat)
    assert Chat.objects.get(pk=chat.pk).last_thread.agent == cast.ann


def test_the_second_agent_joins_the_first(cast: Cast, chat: Chat) -> None:
    bob = cast.agent("Bob")
    assert act(browser(cast.ann), chat, "take").status_code == 204
    assert act(browser(bob), chat, "take").status_code == 204
    assert is_present(bob, chat)
    assert Chat.objects.get(pk=chat.pk).last_thread.agent == cast.ann


def test_replying_works(cast: Cast, chat: Chat) -> None:
    chats.join(chat.pk, cast.ann)
    assert act(browser(cast.ann), chat, "messages", text="Yes", custom_id="c1").status_code == 204
    event = chat.events.latest("created_at")
    assert (event.author, event.content["text"]) == (cast.ann.public_id, "Yes")


def test_a_reply_that_is_posted_again_stands_once(cast: Cast, chat: Chat) -> None:
    chats.join(chat.pk, cast.ann)
    for _ in range(2):
        response = act(browser(cast.ann), chat, "messages", text="Yes", custom_id="c1")
        assert response.status_code == 204
    assert chat.events.filter(custom_id="c1").count() == 1


def test_replying_asks_to_join_first(cast: Cast, chat: Chat) -> None:
    response = act(browser(cast.ann), chat, "messages", text="Yes", custom_id="c1")
    assert response.status_code == 403
    assert "Join the chat" in response.json()["error"]["message"]
    assert not chat.events.filter(custom_id="c1").exists()


def test_typing_is_no_history(cast: Cast, chat: Chat) -> None:
    chats.join(chat.pk, cast.ann)
    before = log_of(chat)
    for is_typing in "10":
        assert act(browser(cast.ann), chat, "typing", is_typing=is_typing).status_code == 204
    assert log_of(chat) == before


def test_seen_marks_move(cast: Cast, vera: Customer, chat: Chat) -> None:
    chats.join(chat.pk, cast.ann)
    event = events.send(chat.pk, vera, NewMessage(text="Hello?")).event
    seen_up_to = format_time(event.created_at)
    assert act(browser(cast.ann), chat, "seen", seen_up_to=seen_up_to).status_code == 204
    assert ChatUser.objects.get(chat=chat, agent=cast.ann).seen_up_to == event.created_at
    assert log_of(chat)[-1] == "events_marked_as_seen"


def test_closing_works(cast: Cast, chat: Chat) -> None:
    assert act(browser(cast.ann), chat, "close").status_code == 204
    assert not Chat.objects.open().filter(pk=chat.pk).exists()
    response = act(browser(cast.ann), chat, "close")
    assert (response.status_code, response.json()["error"]["type"]) == (400, "chat_inactive")


def test_accepting_works(cast: Cast) -> None:
    assert set_accepting(browser(cast.ann), accepting="0").status_code == 204
    assert not Agent.objects.get(pk=cast.ann.pk).accepting
    assert set_accepting(browser(cast.ann), accepting="1").status_code == 204
    assert Agent.objects.get(pk=cast.ann.pk).accepting


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("messages", {"text": "Hello"}),
        ("messages", {"text": "   ", "custom_id": "c1"}),
        ("messages", {"text": "a\0b", "custom_id": "c1"}),
        ("messages", {"text": "Hello", "custom_id": "c" * 256}),
        ("typing", {}),
        ("typing", {"is_typing": "perhaps"}),
        ("seen", {"seen_up_to": "yesterday"}),
        ("seen", {"seen_up_to": "2030-01-01T00:00:00"}),
    ],
)
def test_it_refuses_bad_input(cast: Cast, chat: Chat, name: str, form: dict[str, str]) -> None:
    chats.join(chat.pk, cast.ann)
    before = log_of(chat)
    response = act(browser(cast.ann), chat, name, **form)
    assert (response.status_code, response.json()["error"]["type"]) == (400, "validation")
    assert log_of(chat) == before


@pytest.mark.parametrize(("name", "form"), ACTS)
def test_it_refuses_other_methods(cast: Cast, chat: Chat, name: str, form: dict[str, str]) -> None:
    url = reverse(f"admin:livechat_widget_chat_console_{name}", args=[chat.pk])
    assert browser(cast.ann).get(url, form).status_code == 400
    assert log_of(chat) == ["incoming_chat"]


@pytest.mark.parametrize(("name", "form"), ACTS)
def test_strangers_are_led_to_the_login(chat: Chat, name: str, form: dict[str, str]) -> None:
    response = act(Client(), chat, name, **form)
    assert response.status_code == 302
    assert log_of(chat) == ["incoming_chat"]


@pytest.mark.parametrize(("name", "form"), ACTS)
def test_staff_without_the_permission_may_do_nothing(
    cast: Cast, chat: Chat, name: str, form: dict[str, str]
) -> None:
    cast.ann.user.user_permissions.clear()
    response = act(browser(cast.ann), chat, name, **form)
    assert (response.status_code, response.json()["error"]["type"]) == (403, "authorization")
    assert log_of(chat) == ["incoming_chat"]


@pytest.mark.parametrize(("name", "form"), ACTS)
def test_the_chats_of_other_organizations_are_as_if_absent(
    cast: Cast, chat: Chat, name: str, form: dict[str, str]
) -> None:
    stranger = browser(Cast().ann)
    foreign = act(stranger, chat, name, **form)
    absent = act(stranger, "AAAAAAAAAA", name, **form)
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json() == absent.json()
    assert log_of(chat) == ["incoming_chat"]


@pytest.mark.parametrize(("name", "form"), ACTS)
def test_the_chats_of_other_groups_are_as_if_absent(
    cast: Cast, vera: Customer, name: str, form: dict[str, str]
) -> None:
    repairs = Group.objects.create(organization=cast.organization, number=2, name="Repairs")
    opening = chats.Opening(group_number=2, continuous=True, events=[NewMessage(text="Broken")])
    chat = chats.start(vera, opening).chat
    assert act(browser(cast.ann), chat, name, **form).status_code == 404
    assert log_of(chat) == ["incoming_chat"]
    cast.ann.groups.add(repairs)
    assert act(browser(cast.ann), chat, name, **form).status_code != 404


@pytest.mark.parametrize(("name", "form"), ACTS)
def test_another_site_cannot_act_for_an_agent(
    cast: Cast, chat: Chat, name: str, form: dict[str, str]
) -> None:
    response = act(browser(cast.ann, enforce_csrf_checks=True), chat, name, **form)
    assert response.status_code == 403
    assert log_of(chat) == ["incoming_chat"]


def test_the_token_of_the_page_lets_the_agent_act(cast: Cast, chat: Chat) -> None:
    client = browser(cast.ann, enforce_csrf_checks=True)
    page = client.get(reverse("admin:livechat_widget_chat_console"))
    headers = {"X-CSRFToken": str(page.context["csrf_token"])}
    url = reverse("admin:livechat_widget_chat_console_take", args=[chat.pk])
    assert client.post(url, headers=headers).status_code == 204


def test_a_strange_address_is_no_error(cast: Cast, chat: Chat) -> None:
    url = reverse("admin:livechat_widget_chat_console_take", args=["AAAAAAAAAA"])
    response = browser(cast.ann).post(url.replace("AAAAAAAAAA", "a%00b"))
    assert response.status_code < 500
