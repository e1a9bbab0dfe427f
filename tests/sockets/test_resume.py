"""A client that comes back with its cursor gets what it missed, or is told to read afresh."""

import uuid
from datetime import timedelta

from django.db import transaction

from livechat_widget.conf import settings
from livechat_widget.delivery import log
from livechat_widget.domain import jobs
from livechat_widget.domain.organizations import begin_epoch
from livechat_widget.models import Deployment, StreamEntry
from tests.cast import Cast
from tests.clients import Client
from tests.sockets.conftest import Connect
from tests.sockets.messages import message


def numbers(client: Client) -> list[int]:
    return [frame["seq"] for frame in client.frames if frame.get("type") == "push"]


def test_it_works(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    cursor = connect(customer).login["sync"]
    for text in ("one", "two"):
        live_cast.reply(chat, text)
    vera = connect(customer, login={"cursor": cursor})
    while len(numbers(vera)) < 3:  # she joined, and wrote twice
        vera.receive()
    assert numbers(vera) == [cursor["seq"] + 1, cursor["seq"] + 2, cursor["seq"] + 3]
    assert vera.login["sync"]["seq"] == cursor["seq"] + 3
    vera.ask_ok("send_event", {"chat_id": chat.pk, "event": message()})
    last = vera.wait(lambda frame: frame.get("seq") == cursor["seq"] + 4)
    assert last["action"] == "incoming_event"


def test_it_pages_through_a_long_absence(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    cursor = connect(customer).login["sync"]
    missed = 2 * log.PAGE + 5
    for number in range(missed):
        live_cast.reply(chat, str(number))
    vera = connect(customer, login={"cursor": cursor})
    while len(numbers(vera)) < missed + 1:
        vera.receive()
    assert numbers(vera) == list(range(cursor["seq"] + 1, cursor["seq"] + missed + 2))


def test_it_brings_back_who_missed_more_than_may_wait_for_a_connection(
    connect: Connect, live_cast: Cast
) -> None:
    """What is found while the login is being answered waits, and must not be too much to wait."""
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    cursor = connect(customer).login["sync"]
    missed = settings.MAX_WAITING_FRAMES + log.PAGE
    with transaction.atomic():  # one commit for all
        for number in range(missed):
            live_cast.reply(chat, str(number))
    vera = connect(customer, login={"cursor": cursor})
    while len(numbers(vera)) < missed + 1:
        vera.receive()
    assert numbers(vera) == list(range(cursor["seq"] + 1, cursor["seq"] + missed + 2))


def test_it_resets_a_cursor_of_another_epoch(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    seq = connect(customer).login["sync"]["seq"]
    vera = connect(customer, login={"cursor": {"epoch": str(uuid.uuid4()), "seq": seq}})
    assert vera.pushes() == ["sync_reset"]


def test_it_resets_everybody_after_a_restore(connect: Connect, live_cast: Cast) -> None:
    before = Deployment.objects.get().epoch
    customer = live_cast.customer()
    cursor = connect(customer).login["sync"]
    assert cursor["epoch"] == str(before)
    begin_epoch(uuid.uuid4())
    vera = connect(customer, login={"cursor": cursor})
    assert vera.pushes() == ["sync_reset"]
    assert vera.login["sync"]["epoch"] != cursor["epoch"]


def test_it_resets_a_cursor_from_the_future(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    cursor = connect(customer).login["sync"]
    vera = connect(customer, login={"cursor": {**cursor, "seq": cursor["seq"] + 1}})
    assert vera.pushes() == ["sync_reset"]


def test_it_resets_a_cursor_older_than_the_log(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    cursor = connect(customer).login["sync"]
    live_cast.reply(chat, "Good day")
    entries = StreamEntry.objects.filter(stream=customer.stream)
    for entry in entries:
        entries.filter(pk=entry.pk).update(created_at=entry.created_at - timedelta(days=31))
    assert jobs.prune_entries() >= 3
    vera = connect(customer, login={"cursor": cursor})
    assert vera.pushes() == ["sync_reset"]
    assert connect(customer, login={"cursor": vera.login["sync"]}).pushes() == []
