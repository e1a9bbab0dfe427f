"""Rating over a socket, as published clients do it."""

from livechat_widget.models import Chat, StreamEntry, Thread
from tests.cast import Cast
from tests.servers import Server
from tests.sockets.conftest import Connect
from tests.sockets.desk import console_client, seq_of


def test_it_works(connect: Connect, live_cast: Cast, server: Server) -> None:
    customer = live_cast.customer(name="Vera")
    chat = live_cast.chat(customer)
    vera, tab, stranger = connect(customer), connect(customer), connect(live_cast.customer())
    thread = vera.ask_ok("list_threads", {"chat_id": chat.pk})["threads"][0]["id"]
    place = {"chat_id": chat.pk, "thread_id": thread}
    rating = {"rating": {"score": 1, "comment": "<i>Fine</i>"}}
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        assert vera.ask_ok("update_thread_properties", {**place, "properties": rating}) == {}
        for client in (vera, tab, console):
            pushes = [client.push("thread_properties_updated")]
            assert pushes[0]["payload"] == {**place, "properties": rating}
            pushes += [client.push("incoming_event"), client.push("incoming_event")]
            kinds = [push["payload"]["event"]["system_message_type"] for push in pushes[1:]]
            assert kinds == ["rating.chat_rated", "rating.chat_commented"]
            # A request id on one of the notes would settle another promise.
            assert not any("request_id" in push for push in pushes)
        assert "&lt;i&gt;Fine&lt;/i&gt;" in pushes[2]["html"]
        assert Thread.objects.get(pk=thread).properties == rating
        names = {"rating": ["score"]}
        vera.ask_ok("delete_thread_properties", {**place, "properties": names})
        for client in (vera, tab, console):
            assert client.push("thread_properties_deleted")["payload"]["properties"] == names
            note = client.push("incoming_event")["payload"]["event"]
            assert note["system_message_type"] == "rating.chat_rating_canceled"
            assert note["text_vars"] == {"customer": "Vera"}
    assert stranger.pushes() == []


def test_the_same_again_is_silent(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera, tab = connect(customer), connect(customer)
    payload = {"id": chat.pk, "properties": {"rating": {"score": 0}}}
    vera.ask_ok("update_chat_properties", payload)
    vera.ask_ok("update_chat_properties", payload)
    told = ["chat_properties_updated", "thread_properties_updated", "incoming_event"]
    assert tab.pushes() == told
    assert Chat.objects.get(pk=chat.pk).properties == {"rating": {"score": 0}}
    last = StreamEntry.objects.filter(stream=customer.stream).order_by("-seq")[1]
    assert last.event.content["text_vars"] == {"customer": "Visitor", "score": "0"}
