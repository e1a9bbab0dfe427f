"""The writer: what it does with locks, repeats and refusals, and that neighbours never notice."""

import threading

import pytest
from django.db import connection, transaction

from livechat_widget.delivery import log
from livechat_widget.domain import chats
from livechat_widget.domain.batch import Locked, MarkAsSeen, Send, Sent, carry_out
from livechat_widget.errors import ChatInactive, NotAllowed, NotFound, ValidationFailed
from livechat_widget.models import Event, StreamEntry
from livechat_widget.protocol.events import NewMessage
from tests.cast import Cast
from tests.clients import Client
from tests.sockets.conftest import Connect
from tests.sockets.messages import message


def test_a_refused_command_does_not_harm_its_neighbours(cast: Cast) -> None:
    vera, mallory = cast.customer(), cast.customer()
    chat = cast.chat(vera)
    outsider = cast.agent("Eve")
    new = NewMessage(text="Hi")
    results = carry_out(
        [
            Send(chat.pk, vera, new),
            Send(chat.pk, mallory, new),
            Send("ABSENT2345", vera, new),
            Send(chat.pk, outsider, new),
            Send(chat.pk, vera, NewMessage(text=" ")),
            MarkAsSeen(chat.pk, vera, log.clock_time(vera.stream)),
            Send(chat.pk, vera, new),
        ],
        look_for_repeats=False,
    )
    kinds = [Sent, NotFound, NotFound, NotAllowed, ValidationFailed]
    assert [type(result) for result in results[:5]] == kinds
    first, last = results[0], results[-1]
    assert isinstance(first, Sent)
    assert isinstance(last, Sent)
    assert last.seq == first.seq + 1
    assert Event.objects.filter(chat=chat).count() == 3


def test_an_ended_chat_takes_nothing(cast: Cast) -> None:
    vera = cast.customer()
    chat = cast.chat(vera)
    chats.deactivate(chat.pk, vera)
    assert isinstance(carry_out([Send(chat.pk, vera, NewMessage(text="Hi"))])[0], ChatInactive)


def test_the_same_custom_id_from_two_sockets_at_once_is_one_event(
    connect: Connect, live_cast: Cast
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    clients = [connect(customer) for _ in range(4)]
    answers: list[list[str]] = [[] for _ in clients]

    def write(place: int, client: Client) -> None:
        for number in range(10):
            payload = {"chat_id": chat.pk, "event": message(f"{number}", f"c{number}")}
            answers[place].append(client.ask_ok("send_event", payload)["event_id"])

    run_together(write, clients)
    assert answers[0] == answers[1] == answers[2] == answers[3]
    assert Event.objects.filter(chat=chat, custom_id__isnull=False).count() == 10


def test_it_answers_in_the_order_of_the_requests(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)
    asked = []
    for number in range(5):
        asked.append(vera.send("send_event", {"chat_id": chat.pk, "event": message(f"{number}")}))
        asked.append(vera.send("get_customer"))
    vera.wait(lambda frame: frame.get("request_id") == asked[-1])
    responses = [frame["request_id"] for frame in vera.frames if frame["type"] == "response"]
    assert responses[1:] == asked  # after the login's
    texts = Event.objects.filter(chat=chat).order_by("created_at").values_list("content")
    assert [content["text"] for (content,) in texts] == ["Hello", "0", "1", "2", "3", "4"]


def test_it_limits_the_requests_under_way(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)
    asked = [
        vera.send("send_event", {"chat_id": chat.pk, "event": message(f"{number}")})
        for number in range(200)
    ]
    for request_id in asked:
        vera.wait(lambda frame, known=request_id: frame.get("request_id") == known)
    responses = [frame for frame in vera.frames if frame["type"] == "response"]
    refused = [frame for frame in responses if not frame["success"]]
    kinds = {frame["payload"]["error"]["type"] for frame in refused}
    assert kinds <= {"pending_requests_limit_reached"}
    stored = Event.objects.filter(chat=chat).count() - 1
    assert stored == len(asked) - len(refused)


@pytest.mark.postgres
def test_a_locked_chat_waits_and_keeps_its_order_while_others_go_on(
    connect: Connect, live_cast: Cast
) -> None:
    slow, quick = live_cast.customer(), live_cast.customer()
    slow_chat, quick_chat = live_cast.chat(slow), live_cast.chat(quick)
    vera, otto = connect(slow), connect(quick)
    with transaction.atomic():
        log.lock(customer=slow)
        asked = [
            vera.send("send_event", {"chat_id": slow_chat.pk, "event": message(f"{number}")})
            for number in range(3)
        ]
        for _ in range(3):
            otto.ask_ok("send_event", {"chat_id": quick_chat.pk, "event": message()})
        assert not [frame for frame in vera.frames if frame.get("request_id") in asked]
    for request_id in asked:
        answer = vera.wait(lambda frame, known=request_id: frame.get("request_id") == known)
        assert answer["success"]
    log_rows = StreamEntry.objects.filter(stream=slow.stream, action="incoming_event")
    texts = [row.event.content["text"] for row in log_rows.order_by("seq").select_related("event")]
    assert texts == ["0", "1", "2"]


@pytest.mark.postgres
def test_a_chat_that_stays_locked_is_refused_in_time_and_nothing_is_half_written(
    connect: Connect, live_cast: Cast
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)
    with transaction.atomic():
        log.lock(customer=customer)
        payload = {"chat_id": chat.pk, "event": message("Hi", "c1")}
        error = vera.error("send_event", payload)
    assert error["type"] == "service_unavailable"
    assert error["data"]["retry_after_ms"] > 0
    assert Event.objects.filter(chat=chat).count() == 1
    assert vera.ask_ok("send_event", payload)
    assert connection.vendor == "postgresql"


@pytest.mark.postgres
def test_a_locked_chat_is_left_to_others(live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    ready, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            log.lock(customer=customer)
            ready.set()
            done.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    ready.wait(10)
    try:
        result = carry_out([Send(chat.pk, customer, NewMessage(text="Hi"))], wait=False)[0]
    finally:
        done.set()
        holder.join()
    assert isinstance(result, Locked)


def run_together(work, clients: list[Client]) -> None:
    threads = [
        threading.Thread(target=work, args=(place, client)) for place, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
