"""What is for agents alone reaches no customer: no object, no push, no list, no number."""

from typing import Any

from livechat_widget.domain import chats, events
from livechat_widget.models import Chat, ChatUser, Event
from livechat_widget.protocol.events import NewMessage, NewSystemMessage
from tests.cast import Cast
from tests.servers import Server
from tests.sockets.conftest import Connect
from tests.sockets.desk import console_client, seq_of

NOTE = {"type": "system_message", "text": "Ordered <b>", "system_message_type": "shop.ordered"}


def hidden_chat(cast: Cast, customer: Any) -> tuple[Chat, Event]:
    """A chat with a note of Ann's that is for agents."""
    chat = cast.chat(customer)
    chats.join(chat.pk, cast.ann)
    note = NewMessage(text="SECRET", recipients="agents", custom_id="n1")
    return chat, events.send(chat.pk, cast.ann, note).event


def test_what_is_for_agents_reaches_no_customer(
    connect: Connect, live_cast: Cast, server: Server
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    chats.join(chat.pk, live_cast.ann)
    vera, old = connect(customer), connect(customer, version="3.3")
    start = vera.login["sync"]
    marks = ChatUser.objects.filter(chat=chat).order_by("pk").values_list("seen_up_to", flat=True)
    before = list(marks)
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        for text in ("SECRET", "SECRET too"):
            new = NewMessage(text=text, recipients="agents")
            row = events.send(chat.pk, live_cast.ann, new).event
            push = console.push("incoming_event")
            assert push["payload"]["event"]["visibility"] == "agents"
            assert text in push["html"]
            assert "For agents only" in push["html"]
    live_note = NewSystemMessage(text="SECRET", system_message_type="a", recipients="agents")
    events.send(chat.pk, live_cast.ann, live_note)
    assert list(marks) == before  # not even when Ann was there
    assert vera.pushes() == old.pushes() == []
    numbers = [frame["seq"] for frame in vera.frames if "seq" in frame]
    assert numbers == [start["seq"] + 1]  # of the mark that pushes() made
    objects = [
        vera.ask_ok("get_chat", {"chat_id": chat.pk}),
        vera.ask_ok("list_chats"),
        vera.ask_ok("list_threads", {"chat_id": chat.pk, "min_events_count": 1}),
        connect(customer, login={"cursor": start, "fragments": "en"}).login,
    ]
    assert "SECRET" not in str(objects)
    assert str(row.pk) not in str(objects)
    place = {"chat_id": chat.pk, "thread_id": row.thread_id, "event_id": str(row.pk)}
    given = {"properties": {"rating": {"score": 1}}}
    assert vera.error("update_event_properties", {**place, **given})["type"] == "not_found"


def test_an_unread_note_for_agents_is_not_unread_for_the_customer(
    connect: Connect, live_cast: Cast
) -> None:
    customer = live_cast.customer()
    hidden_chat(live_cast, customer)
    assert connect(customer).login["chats"][0]["has_unread_events"] is False


def test_a_customer_s_own_word_to_agents_settles_for_its_asker_alone(
    connect: Connect, live_cast: Cast, server: Server
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera, tab = connect(customer), connect(customer)
    event = {**NOTE, "recipients": "agents"}
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        asked = vera.send("send_event", {"chat_id": chat.pk, "event": event})
        response, push = vera.receive(), vera.receive()
        drawn = console.push("incoming_event")["html"]
    assert (response["request_id"], push["request_id"]) == (asked, asked)
    assert "seq" not in push
    assert "Ordered &lt;b&gt;" in drawn
    assert "Visitor:" in drawn  # it cannot pass for a word of the system's own
    assert tab.pushes() == []
    assert "Ordered" not in str(tab.ask_ok("get_chat", {"chat_id": chat.pk}))
