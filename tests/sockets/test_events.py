"""Events are sent once, in order, to everybody in the chat."""

import threading

import pytest

from livechat_widget.domain import chats, events
from livechat_widget.models import ChatUser, Customer, Event, StreamEntry
from livechat_widget.protocol.events import NewMessage
from livechat_widget.protocol.times import format_time
from tests.cast import Cast
from tests.sockets.conftest import Connect
from tests.sockets.messages import message


def test_it_works(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)
    sent = vera.ask_ok("send_event", {"chat_id": chat.pk, "event": message("Hi", "c1")})
    push = vera.push("incoming_event")
    event = push["payload"]["event"]
    assert (event["id"], event["text"], event["custom_id"]) == (sent["event_id"], "Hi", "c1")
    assert event["author_id"] == str(customer.pk)
    assert push["payload"]["thread_id"] == chat.last_thread_id
    assert Event.objects.get(pk=sent["event_id"]).content == {"text": "Hi"}


def test_it_answers_first_and_pushes_with_the_request_id_to_the_asker_alone(
    connect: Connect, live_cast: Cast
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    asker, other = connect(customer), connect(customer)
    asked = asker.send("send_event", {"chat_id": chat.pk, "event": message()})
    response, push = asker.receive(), asker.receive()
    assert (response["type"], response["request_id"]) == ("response", asked)
    assert (push["type"], push["request_id"]) == ("push", asked)
    assert "request_id" not in other.push("incoming_event")


def test_it_is_harmless_to_send_twice(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera, other = connect(customer), connect(customer)
    payload = {"chat_id": chat.pk, "event": message("Hi", "c1")}
    first = vera.ask_ok("send_event", payload)
    pushed = vera.push("incoming_event")
    asked = vera.send("send_event", payload)
    response, again = vera.receive(), vera.receive()
    assert response["payload"] == first
    assert again["request_id"] == asked
    assert again["payload"] == pushed["payload"]
    assert "seq" not in again  # it is outside the stream
    assert other.pushes() == ["incoming_event"]
    assert Event.objects.filter(chat=chat, custom_id="c1").count() == 1


def test_it_refuses_a_custom_id_for_another_text(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)
    vera.ask_ok("send_event", {"chat_id": chat.pk, "event": message("Hi", "c1")})
    error = vera.error("send_event", {"chat_id": chat.pk, "event": message("Ho", "c1")})
    assert (error["type"], error["message"]) == (
        "validation",
        "event.custom_id: you used it already, for another event.",
    )


def test_it_keeps_custom_ids_of_different_authors_apart(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    chats.join(chat.pk, live_cast.ann)
    events.send(chat.pk, live_cast.ann, NewMessage(text="Hers", custom_id="c1"))
    vera = connect(customer)
    vera.ask_ok("send_event", {"chat_id": chat.pk, "event": message("Mine", "c1")})
    assert Event.objects.filter(chat=chat, custom_id="c1").count() == 2


def test_it_needs_an_active_chat(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    chats.deactivate(chat.pk, live_cast.ann)
    vera = connect(customer)
    payload = {"chat_id": chat.pk, "event": message()}
    assert vera.error("send_event", payload)["type"] == "chat_inactive"
    assert vera.ask_ok("send_event", {**payload, "attach_to_last_thread": True})


@pytest.mark.parametrize(
    ("text", "said"),
    [(" \n", "blank"), ("é" * 8193, "16384 bytes"), ("a\x00b", "payload")],
    ids=["blank", "too long", "NUL"],
)
def test_it_refuses_a_text(connect: Connect, live_cast: Cast, text: str, said: str) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    error = connect(customer).error("send_event", {"chat_id": chat.pk, "event": message(text)})
    assert error["type"] == "validation"
    assert said in error["message"]
    assert Event.objects.filter(chat=chat).count() == 1


def test_it_numbers_what_the_customer_sees_without_a_gap(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)
    for number in range(5):
        vera.send("send_event", {"chat_id": chat.pk, "event": message(f"{number}")})
    vera.ask("ping")  # all are carried out
    live_cast.reply(chat, "Good day")
    vera.push("user_added_to_chat")
    start = vera.login["sync"]["seq"]
    numbers = [frame["seq"] for frame in vera.frames if "seq" in frame]
    assert numbers == list(range(start + 1, start + 1 + len(numbers)))
    times = list(Event.objects.filter(chat=chat).order_by("created_at").values_list("created_at"))
    assert len(times) == len(set(times)) == 7


def test_it_keeps_one_order_for_everybody_when_all_write_at_once(
    connect: Connect, live_cast: Cast
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    clients = [connect(customer) for _ in range(4)]

    def write(client, name: int) -> None:
        for number in range(10):
            text = f"{name}.{number}"
            client.ask_ok("send_event", {"chat_id": chat.pk, "event": message(text)})

    threads = [
        threading.Thread(target=write, args=(client, name)) for name, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen = []
    for client in clients:
        while sum(frame["action"] == "incoming_event" for frame in client.frames) < 40:
            client.receive()
        pushes = [frame for frame in client.frames if frame["action"] == "incoming_event"]
        seen.append([(push["seq"], push["payload"]["event"]["text"]) for push in pushes])
    assert seen[0] == seen[1] == seen[2] == seen[3]
    log = StreamEntry.objects.filter(stream=customer.stream, action="incoming_event")
    entries = log.order_by("seq").select_related("event")
    assert [(entry.public_seq, entry.event.content["text"]) for entry in entries] == seen[0]


def test_seen_marks_go_to_everybody_and_never_back(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    event = live_cast.reply(chat, "Good day")
    vera, other = connect(customer), connect(customer)
    seen = {"chat_id": chat.pk, "seen_up_to": format_time(event.created_at)}
    vera.ask_ok("mark_events_as_seen", seen)
    assert other.push("events_marked_as_seen")["payload"] == {**seen, "user_id": str(customer.pk)}
    assert vera.push("events_marked_as_seen")["payload"]["seen_up_to"] == seen["seen_up_to"]
    vera.ask_ok("mark_events_as_seen", {**seen, "seen_up_to": "2020-01-01T00:00:00Z"})
    vera.ask_ok("mark_events_as_seen", {**seen, "seen_up_to": "2999-01-01T00:00:00.000000Z"})
    assert other.pushes().count("events_marked_as_seen") == 1
    assert ChatUser.objects.get(chat=chat, agent=None).seen_up_to == event.created_at


@pytest.mark.parametrize("moment", ["", "yesterday", "2026-01-01", "2026-01-01T00:00:00"])
def test_seen_marks_need_a_time_with_its_zone(
    connect: Connect, live_cast: Cast, moment: str
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    payload = {"chat_id": chat.pk, "seen_up_to": moment}
    error = connect(customer).error("mark_events_as_seen", payload)
    assert error["message"].startswith("payload.seen_up_to")


def test_a_sneak_peek_reaches_no_customer(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera, other = connect(customer), connect(customer)
    vera.ask_ok("send_sneak_peek", {"chat_id": chat.pk, "sneak_peek_text": "I wou"})
    assert vera.pushes() == other.pushes() == []


def test_update_customer_tells_what_changed_and_notes_it_in_the_chat(
    connect: Connect, live_cast: Cast
) -> None:
    customer = live_cast.customer(name="Vera", email="vera@example.org")
    live_cast.chat(customer)
    vera, other = connect(customer), connect(customer)
    vera.ask_ok("update_customer", {"name": "Vera", "email": "new@example.org"})
    changed = {"id": str(customer.pk), "email": "new@example.org"}
    assert vera.push("customer_updated")["payload"] == changed
    assert other.push("customer_updated")["payload"] == changed
    note = other.push("incoming_event")["payload"]["event"]
    assert note["system_message_type"] == "customer_updated"
    assert note["text_vars"] == {"customer_email": "new@example.org"}
    assert vera.ask_ok("get_customer")["email"] == "new@example.org"


def test_update_customer_needs_something_to_change(connect: Connect, live_cast: Cast) -> None:
    error = connect(live_cast.customer()).error("update_customer", {})
    assert error["type"] == "validation"


def test_update_customer_page_is_pushed_in_the_version_that_has_it(
    connect: Connect, live_cast: Cast
) -> None:
    customer = live_cast.customer()
    old, new = connect(customer, version="3.3"), connect(customer, version="3.5")
    page = {"url": "https://shop.example/chairs", "title": "Chairs"}
    new.ask_ok("update_customer_page", page)
    payload = old.push("customer_page_updated")["payload"]
    assert payload.pop("opened_at").endswith("Z")
    assert payload == page
    assert new.pushes() == []
    assert Customer.objects.get(pk=customer.pk).page["url"] == page["url"]


def test_get_customer_counts(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    live_cast.chat(customer)
    statistics = connect(customer).ask_ok("get_customer")["statistics"]
    assert (statistics["chats_count"], statistics["threads_count"]) == (1, 1)
    assert statistics["visits_count"] == 1
