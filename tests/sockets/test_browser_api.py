"""What a customer's tabs meet: every action and every act of an agent, each with what is answered,
who hears of it, and what is kept."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from msgspec import convert

from livechat_widget.actions.customer import ACTIONS
from livechat_widget.domain import chats
from livechat_widget.management.documents.tables import example
from livechat_widget.models import Chat, ChatUser, Customer, Event, Greeting, Stream, Thread
from livechat_widget.protocol.pushes import PUSHES
from livechat_widget.protocol.shapes import shape
from livechat_widget.protocol.times import format_time
from livechat_widget.protocol.versions import LATEST, VERSIONS
from tests.cast import Cast
from tests.clients import MARK, Client, Frame, newest_with
from tests.protocol.stage import BEFORE, fill, set_the_stage
from tests.servers import Server
from tests.sockets.conftest import Connect
from tests.sockets.desk import act, console_client, seq_of

OTHER = VERSIONS["3.3"]


class Rows:
    """What the database has of one customer."""

    def __init__(self, customer: Customer) -> None:
        self.customer = Customer.objects.get(pk=customer.pk)
        self.stream = Stream.objects.get(customer=customer)
        self.chat = Chat.objects.filter(customer=customer).first()
        self.threads = list(Thread.objects.filter(chat=self.chat).order_by("created_at"))
        self.events = list(Event.objects.filter(chat=self.chat).order_by("created_at"))
        self.own = [row for row in self.events if row.author == customer.author_id]
        users = list(ChatUser.objects.filter(chat=self.chat).order_by("pk"))
        self.me = next((user for user in users if user.agent_id is None), None)
        self.agents = [user for user in users if user.agent_id]
        self.greeting = Greeting.objects.filter(customer=customer).first()


class Scene(NamedTuple):
    """``kept``: false before, true afterwards; without it nothing at all is written down.
    ``answer``: some of it, or all where nothing is said."""

    kept: Callable[[Rows], bool] | None = None
    answer: Callable[[Rows], Frame] = lambda rows: {}


def _ids(rows: Rows) -> Frame:
    return {"thread_id": rows.threads[-1].pk, "event_ids": [str(rows.own[-1].pk)]}


SCENES: dict[str, Scene] = {
    "start_chat": Scene(
        lambda rows: len(rows.threads) == 1, lambda rows: {"chat_id": rows.chat.pk, **_ids(rows)}
    ),
    "resume_chat": Scene(lambda rows: rows.threads[-1].active, _ids),
    "deactivate_chat": Scene(lambda rows: not rows.threads[-1].active),
    "send_event": Scene(
        lambda rows: rows.own[-1].custom_id == "c1",
        lambda rows: {"event_id": str(rows.own[-1].pk)},
    ),
    "mark_events_as_seen": Scene(lambda rows: rows.me.seen_up_to == rows.events[-1].created_at),
    "send_rich_message_postback": Scene(
        lambda rows: str(rows.customer.pk) in str(rows.events[-1].content)
    ),
    "send_sneak_peek": Scene(),
    "update_customer": Scene(lambda rows: rows.customer.name == "Vera"),
    "set_customer_session_fields": Scene(
        lambda rows: rows.customer.session_fields == [{"plan": "pro"}, {"seats": "12"}]
    ),
    "update_customer_page": Scene(lambda rows: rows.customer.page.get("title") == "Cups"),
    "accept_greeting": Scene(lambda rows: rows.greeting.accepted),
    "cancel_greeting": Scene(lambda rows: rows.greeting.canceled),
    "update_chat_properties": Scene(lambda rows: "score" in rows.chat.properties.get("rating", ())),
    "delete_chat_properties": Scene(
        lambda rows: "score" not in rows.chat.properties.get("rating", ())
    ),
    "update_thread_properties": Scene(
        lambda rows: "score" in rows.threads[-1].properties.get("rating", ())
    ),
    "delete_thread_properties": Scene(
        lambda rows: "score" not in rows.threads[-1].properties.get("rating", ())
    ),
    "update_event_properties": Scene(lambda rows: "rating" in rows.own[0].properties),
    "delete_event_properties": Scene(lambda rows: "rating" not in rows.own[0].properties),
    "get_customer": Scene(answer=lambda rows: {"id": str(rows.customer.pk), "type": "customer"}),
    "get_chat": Scene(answer=lambda rows: {"id": rows.chat.pk}),
    "list_chats": Scene(answer=lambda rows: {"total_chats": 1}),
    "list_threads": Scene(answer=lambda rows: {"found_threads": 1}),
    "list_group_statuses": Scene(answer=lambda rows: {"groups_status": {"0": "online"}}),
    "get_predicted_agent": Scene(answer=lambda rows: {"queue": False}),
    "request_welcome_message": Scene(answer=lambda rows: {"id": "w1"}),
    "delete_event": Scene(lambda rows: rows.own[0].visibility == "nobody"),
    "send_greeting_button_clicked": Scene(lambda rows: rows.greeting.pressed == ["more"]),
    "activate_customer_page": Scene(lambda rows: rows.customer.page.get("active") is True),
    "deactivate_customer_page": Scene(lambda rows: rows.customer.page.get("active") is False),
    "get_url_info": Scene(answer=lambda rows: {"title": "A scarf"}),
    "get_form": Scene(answer=lambda rows: {"enabled": False}),
}


# What these cause is for nobody else's eyes.
FOR_ITS_ASKER = {"request_welcome_message"}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action(connect: Connect, live_cast: Cast, server: Server, action: str) -> None:
    scene = SCENES[action]
    customer = live_cast.customer()
    real = set_the_stage(action, live_cast, customer)
    chat = Chat.objects.filter(customer=customer).first()
    known = {chat.pk: seq_of(chat)} if chat else {}
    spoken = newest_with(action)
    vera = connect(customer, version=spoken.name)
    tab = connect(customer, version=OTHER.name)
    stranger = connect(live_cast.customer())
    with console_client(server, live_cast.ann, known=known) as console:
        if action in BEFORE:
            vera.ask_ok(BEFORE[action], fill(BEFORE[action], real))
        settle(vera, tab, *([console] if chat else []))
        before = Rows(customer)
        asked = vera.send(action, fill(action, real))
        response = vera.wait(lambda frame: frame["type"] == "response")
        after = Rows(customer)
        told = settle(vera, tab, *([console] if after.chat else []))
    assert (response["request_id"], response["success"]) == (asked, True), response
    check_answer(response["payload"], scene.answer(after))
    check_kept(scene, before, after)
    causes = set(example("actions", action)["causes"])
    others = set() if action in FOR_ITS_ASKER else causes
    heard = [causes & spoken.pushes, others & OTHER.pushes, others]
    assert [{push["action"] for push in pushes} for pushes in told] == heard[: len(told)]
    assert common(told[0]) == common(told[1])
    ids = [[push["action"] for push in pushes if "request_id" in push] for pushes in told]
    assert ids[0] == [name for name in [spoken.settled_by_push.get(action)] if name]
    assert not any(ids[1:])
    assert stranger.pushes() == []


ACTS: dict[str, tuple[set[str], Scene]] = {
    "take": ({"user_added_to_chat"}, Scene(lambda rows: len(rows.agents) == 1)),
    "messages": ({"incoming_event"}, Scene(lambda rows: len(rows.events) == 2)),
    "typing": ({"incoming_typing_indicator"}, Scene()),
    "seen": ({"events_marked_as_seen"}, Scene(lambda rows: rows.agents[0].seen_up_to is not None)),
    "close": (
        {"incoming_event", "chat_deactivated"},
        Scene(lambda rows: not rows.threads[0].active),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_agent_s_act(connect: Connect, live_cast: Cast, server: Server, name: str) -> None:
    causes, scene = ACTS[name]
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    if name != "take":
        chats.join(chat.pk, live_cast.ann)
    vera, tab = connect(customer), connect(customer, version=OTHER.name)
    stranger = connect(live_cast.customer())
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        settle(vera, tab, console)
        before = Rows(customer)
        seen = format_time(before.events[0].created_at)
        form = {"text": "Hi", "custom_id": "a1", "is_typing": "true", "seen_up_to": seen}
        act(server, live_cast.ann, chat, name, **form)
        after = Rows(customer)
        told = settle(vera, tab, console)
    check_kept(scene, before, after)
    assert [{push["action"] for push in pushes} for pushes in told] == [causes] * 3
    assert common(told[0]) == common(told[1])
    assert live_cast.ann.login not in str(told[:2])  # customers know agents by another id
    assert live_cast.ann.login in str(told[2])
    assert stranger.pushes() == []


def settle(*clients: Client) -> list[list[Frame]]:
    """What each was pushed since the last time: all that was caused until now. The first two are
    of one customer, whose next change everybody else in the chat hears of."""
    for client in clients[:2]:
        client.pushes()
    mark = [frame["payload"].get("avatar") for frame in clients[1].frames if "seq" in frame][-1]
    for client in clients[2:]:
        client.wait(lambda frame: frame.get("payload", {}).get("avatar") == mark)
    told = [[frame for frame in client.frames if is_news(frame)] for client in clients]
    for client in clients:
        client.frames.clear()
    return told


def is_news(frame: Frame) -> bool:
    return frame["type"] == "push" and MARK not in str(frame["payload"].get("avatar"))


def common(pushes: list[Frame]) -> list[Any]:
    """What both versions have, as the older one has it."""
    both = LATEST.pushes & OTHER.pushes
    return [
        (push["action"], shape(convert(push["payload"], PUSHES[push["action"]]), OTHER))
        for push in pushes
        if push["action"] in both
    ]


def check_answer(answer: Frame, expected: Frame) -> None:
    assert {name: answer.get(name) for name in expected or answer} == expected


def check_kept(scene: Scene, before: Rows, after: Rows) -> None:
    if scene.kept:
        assert [scene.kept(before), scene.kept(after)] == [False, True]
    else:
        assert after.stream.seq == before.stream.seq
