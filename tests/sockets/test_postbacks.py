"""Buttons of rich messages that are pressed, and events that are edited."""

from typing import Any

import pytest

from livechat_widget.domain import chats, edits, events
from livechat_widget.errors import NotAllowed, NotFound, ValidationFailed
from livechat_widget.models import Chat, Customer, Event, StreamEntry
from livechat_widget.protocol.events import NewMessage, NewRichMessage
from livechat_widget.protocol.rich import Button, Element
from tests.cast import Cast
from tests.servers import Server
from tests.sockets.conftest import Connect
from tests.sockets.desk import console_client, seq_of

ACTION = "send_rich_message_postback"
PUSH = "incoming_rich_message_postback"


def card(*names: str, title: str = "Shall we?") -> NewRichMessage:
    buttons = [Button(text=name.title(), postback_id=name) for name in names]
    elements = [Element(title=title, buttons=buttons), Element(title="Or not")]
    return NewRichMessage(template_id="cards", elements=elements)


def asked(cast: Cast, customer: Customer) -> tuple[Chat, Event]:
    """A chat in which Ann has sent a card with two buttons."""
    chat = cast.chat(customer)
    chats.join(chat.pk, cast.ann)
    return chat, events.send(chat.pk, cast.ann, card("yes", "no")).event


def press(row: Event, name: str = "yes", **changed: Any) -> dict[str, Any]:
    place = {"chat_id": row.chat_id, "thread_id": row.thread_id, "event_id": str(row.pk)}
    return {**place, "postback": {"id": name, "toggled": True}, **changed}


def pressed(row: Event) -> dict[str, list[str]]:
    buttons = Event.objects.get(pk=row.pk).content["elements"][0]["buttons"]
    return {button["postback_id"]: button["user_ids"] for button in buttons}


def test_it_works(connect: Connect, live_cast: Cast, server: Server) -> None:
    customer = live_cast.customer()
    chat, row = asked(live_cast, customer)
    vera, tab = connect(customer), connect(customer, version="3.3", login={"fragments": "en"})
    stranger = connect(live_cast.customer())
    me = str(customer.pk)
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        assert vera.ask_ok(ACTION, press(row)) == {}
        assert pressed(row) == {"yes": [me], "no": []}
        for client in (vera, tab, console):
            push = client.push(PUSH)
            assert push["payload"] == {"user_id": me, **press(row)}
            assert "request_id" not in push
            if client is not vera:
                assert push["html"].count('aria-pressed="true"') == 1
                assert 'hx-swap-oob="true"' in push["html"]
        released = press(row, postback={"id": "yes", "toggled": False})
        assert vera.ask_ok(ACTION, released) == {}
        assert tab.push(PUSH)["payload"]["postback"]["toggled"] is False
    assert pressed(row) == {"yes": [], "no": []}
    assert stranger.pushes() == []


def test_it_is_kept_in_the_event(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat, row = asked(live_cast, customer)
    vera = connect(customer)
    vera.ask_ok(ACTION, press(row, postback={"id": "no"}))
    shown = vera.ask_ok("get_chat", {"chat_id": chat.pk})["thread"]["events"][-1]
    users = [button["user_ids"] for button in shown["elements"][0]["buttons"]]
    assert users == [[], [str(customer.pk)]]


@pytest.mark.parametrize("toggled", [True, False])
def test_a_second_time_changes_nothing(connect: Connect, live_cast: Cast, toggled: bool) -> None:
    customer = live_cast.customer()
    _, row = asked(live_cast, customer)
    vera = connect(customer)
    payload = press(row, postback={"id": "yes", "toggled": toggled})
    for _ in range(2):
        assert vera.ask_ok(ACTION, payload) == {}
    assert vera.pushes() == [PUSH] * toggled
    assert pressed(row)["yes"] == [str(customer.pk)] * toggled


def test_it_gives_the_same_error_for_what_is_foreign_and_what_is_not_there(
    connect: Connect, live_cast: Cast
) -> None:
    _, row = asked(live_cast, live_cast.customer())
    stranger = connect(live_cast.customer())
    absent = {"chat_id": "NOWHERE", "thread_id": "NOWHERE", "event_id": "NOWHERE"}
    foreign = stranger.error(ACTION, press(row))
    assert foreign == stranger.error(ACTION, press(row, **absent))
    assert foreign["type"] == "not_found"
    assert pressed(row) == {"yes": [], "no": []}


def test_it_refuses_what_is_no_button_of_the_event(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat, row = asked(live_cast, customer)
    hidden = card("yes")
    hidden.recipients = "agents"
    note = events.send(chat.pk, live_cast.ann, hidden).event
    message = live_cast.reply(chat, "yes")
    vera = connect(customer)
    for payload in (
        press(row, "maybe"),
        press(message),
        press(note),
        press(row, thread_id="NOWHERE"),
        press(row, event_id="NOWHERE"),
    ):
        assert vera.error(ACTION, payload)["type"] == "not_found"
    for wrong in ({}, {"id": ""}, {"id": "yes", "toggled": "yes"}, None):
        error = vera.error(ACTION, press(row, postback=wrong))
        assert (error["type"], "postback" in error["message"]) == ("validation", True)
    assert vera.pushes() == []


def test_it_needs_an_active_thread(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat, row = asked(live_cast, customer)
    chats.deactivate(chat.pk, live_cast.ann)
    vera = connect(customer)
    assert vera.error(ACTION, press(row))["type"] == "chat_inactive"
    chats.resume(chat.pk, customer, chats.Opening())
    assert vera.error(ACTION, press(row))["type"] == "chat_inactive"
    assert pressed(row) == {"yes": [], "no": []}


def test_an_edit_reaches_everybody(connect: Connect, live_cast: Cast, server: Server) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    row = live_cast.reply(chat, "Good day")
    vera = connect(customer, login={"fragments": "en"})
    place = (chat.pk, row.thread_id, str(row.pk))
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        for _ in range(2):  # the second time there is nothing to say
            edits.edit(*place, live_cast.ann, NewMessage(text="Good <b>evening</b>"))
        for client in (vera, console):
            push = client.push("event_updated")
            event = push["payload"]["event"]
            assert (event["id"], event["text"]) == (str(row.pk), "Good <b>evening</b>")
            assert "Good &lt;b&gt;evening" in push["html"]
            assert f'-{row.pk}"' in push["html"]
            assert 'hx-swap-oob="true"' in push["html"]
    assert vera.pushes() == ["event_updated"]
    shown = vera.ask_ok("get_chat", {"chat_id": chat.pk})["thread"]["events"][-1]
    assert shown == event | {"author_id": live_cast.ann.public_id}
    assert Event.objects.get(pk=row.pk).created_at == row.created_at


def test_an_edit_keeps_what_was_pressed(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat, row = asked(live_cast, customer)
    vera = connect(customer)
    vera.ask_ok(ACTION, press(row))
    place = (chat.pk, row.thread_id, str(row.pk))
    edits.edit(*place, live_cast.ann, card("yes", "later", title="Well?"))
    assert pressed(row) == {"yes": [str(customer.pk)], "later": []}
    retried = card("yes", "later", title="Well?")
    edits.edit(*place, live_cast.ann, retried)
    assert vera.pushes() == [PUSH, "event_updated"]


def test_an_edit_of_what_is_for_agents_reaches_no_customer(
    connect: Connect, live_cast: Cast, server: Server
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    chats.join(chat.pk, live_cast.ann)
    new = NewMessage(text="SECRET", recipients="agents")
    row = events.send(chat.pk, live_cast.ann, new).event
    vera = connect(customer)
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        place = (chat.pk, row.thread_id, str(row.pk))
        edits.edit(*place, live_cast.ann, NewMessage(text="SECRET too"))
        assert console.push("event_updated")["payload"]["event"]["visibility"] == "agents"
    assert vera.pushes() == []
    assert "SECRET" not in str(vera.ask_ok("get_chat", {"chat_id": chat.pk}))


def test_only_its_author_edits_an_event_and_it_keeps_its_type(live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    row = live_cast.reply(chat, "Good day")
    place = (chat.pk, row.thread_id, str(row.pk))
    new = NewMessage(text="Evil")
    before = StreamEntry.objects.filter(stream=customer.stream).count()
    for author, error in [
        (customer, NotAllowed),
        (live_cast.agent("Bob"), NotAllowed),
        (live_cast.customer(), NotFound),
        (Cast().ann, NotFound),
    ]:
        with pytest.raises(error):
            edits.edit(*place, author, new)
    with pytest.raises(ValidationFailed, match="type"):
        edits.edit(*place, live_cast.ann, card("yes"))
    with pytest.raises(ValidationFailed, match="blank"):
        edits.edit(*place, live_cast.ann, NewMessage(text=" "))
    assert Event.objects.get(pk=row.pk).content == {"text": "Good day"}
    assert StreamEntry.objects.filter(stream=customer.stream).count() == before


def test_a_card_can_be_sent_again_after_somebody_pressed_its_button(live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    chats.join(chat.pk, live_cast.ann)
    new = card("yes")
    new.custom_id = "c1"
    first = events.send(chat.pk, live_cast.ann, new)
    place = (chat.pk, first.event.thread_id, str(first.event.pk))
    edits.press(*place, customer, "yes", toggled=True)
    again = events.send(chat.pk, live_cast.ann, new)
    assert (again.repeated, again.event.pk, again.seq) == (True, first.event.pk, first.seq)
