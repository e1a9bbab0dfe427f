"""A visitor's chat, through real sockets."""

from livechat_widget.domain import chats, events
from livechat_widget.models import Event
from livechat_widget.protocol.events import NewMessage
from tests.cast import Cast
from tests.clients import customer_client
from tests.servers import Server

HELLO = {"chat": {"thread": {"events": [{"type": "message", "text": "Hello", "custom_id": "c1"}]}}}


def test_it_works(server: Server, live_cast: Cast) -> None:
    customer = live_cast.customer(name="Vera")
    with customer_client(server, live_cast, customer) as vera:
        assert vera.login["customer"]["name"] == "Vera"
        started = vera.ask_ok("start_chat", HELLO)
        chat = vera.push("incoming_chat")["payload"]["chat"]
        assert chat["id"] == started["chat_id"]
        assert [event["text"] for event in chat["thread"]["events"]] == ["Hello"]
        chats.join(chat["id"], live_cast.ann)
        added = vera.push("user_added_to_chat")["payload"]["user"]
        assert added["id"] == live_cast.ann.public_id
        events.send(chat["id"], live_cast.ann, NewMessage(text="Good day"))
        said = vera.push("incoming_event")["payload"]["event"]
        assert (said["text"], said["author_id"]) == ("Good day", live_cast.ann.public_id)
        sent = vera.ask_ok(
            "send_event", {"chat_id": chat["id"], "event": {"type": "message", "text": "Bye"}}
        )
        assert vera.push("incoming_event")["payload"]["event"]["id"] == sent["event_id"]
        assert Event.objects.get(pk=sent["event_id"]).content == {"text": "Bye"}
