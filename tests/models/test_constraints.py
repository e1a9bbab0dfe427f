"""What the database itself refuses, whoever writes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from livechat_widget.models import (
    Agent,
    Chat,
    ChatUser,
    Event,
    Greeting,
    Group,
    Stream,
    StreamEntry,
    Thread,
)
from tests.cast import Cast

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def chat(cast: Cast) -> Chat:
    return cast.chat()


def refuses(write: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


def add_event(chat: Chat, minutes: int, **fields: object) -> Event:
    moment = LONG_AGO + timedelta(minutes=minutes)
    return Event.objects.create(
        chat=chat, thread_id=chat.last_thread_id, type="message", created_at=moment, **fields
    )


def test_one_chat_per_customer(chat: Chat) -> None:
    again = Chat(organization=chat.organization, customer=chat.customer, created_at=LONG_AGO)
    assert refuses(again.save)


def test_one_active_thread_per_chat(cast: Cast, chat: Chat) -> None:
    def add(active: bool) -> None:
        Thread.objects.create(chat=chat, group=cast.general, active=active, created_at=LONG_AGO)

    assert refuses(lambda: add(active=True))
    assert not refuses(lambda: add(active=False))


def test_one_event_per_custom_id_of_an_author_in_a_chat(cast: Cast, chat: Chat) -> None:
    add_event(chat, 1, author="a", custom_id="c1")
    assert refuses(lambda: add_event(chat, 2, author="a", custom_id="c1"))
    assert not refuses(lambda: add_event(chat, 3, author="b", custom_id="c1"))
    assert not refuses(lambda: add_event(cast.chat(), 4, author="a", custom_id="c1"))
    assert not refuses(lambda: add_event(chat, 5, author="a", custom_id=None))
    assert not refuses(lambda: add_event(chat, 6, author="a", custom_id=None))


def test_no_two_events_of_a_chat_at_the_same_time(chat: Chat) -> None:
    add_event(chat, 1)
    assert refuses(lambda: add_event(chat, 1))


def test_each_number_once_per_stream_and_view(chat: Chat) -> None:
    stream = chat.customer.stream

    def add(seq: int, public_seq: int | None) -> None:
        StreamEntry.objects.create(
            stream=stream, seq=seq, public_seq=public_seq, action="x", created_at=LONG_AGO
        )

    add(101, 101)
    assert refuses(lambda: add(101, 102))
    assert refuses(lambda: add(102, 101))
    assert not refuses(lambda: add(103, None))
    assert not refuses(lambda: add(104, None))


def test_one_stream_per_customer(chat: Chat) -> None:
    again = Stream(customer=chat.customer, organization=chat.organization)
    assert refuses(again.save)


def test_everybody_is_in_a_chat_once(chat: Chat) -> None:
    again = ChatUser(chat=chat, author=chat.customer.author_id)
    assert refuses(again.save)


def test_group_numbers_are_unique_per_organization(cast: Cast) -> None:
    assert refuses(Group(organization=cast.organization, number=0, name="Again").save)
    assert not refuses(Group(organization=cast.organization, number=1, name="Sales").save)


def test_one_form_of_a_type_per_group(cast: Cast) -> None:
    cast.form("prechat")
    assert refuses(lambda: cast.form("prechat"))
    assert not refuses(lambda: cast.form("postchat"))


def test_one_greeting_waits_for_a_customer(cast: Cast) -> None:
    vera, template = cast.customer(), cast.greeting()

    def add(**fields: object) -> None:
        given = {"customer": vera, "template": template, "agent": cast.ann, "created_at": LONG_AGO}
        Greeting.objects.create(**{**given, **fields})

    add(accepted=True)
    add(canceled=True)
    add()
    assert refuses(add)


def test_one_agent_per_user(cast: Cast) -> None:
    again = Agent(user=cast.ann.user, organization=cast.organization, name="Ann again")
    assert refuses(again.save)


def test_the_license_that_clients_take_for_a_staging_host_is_never_used(cast: Cast) -> None:
    cast.organization.license_id = 1520
    assert refuses(cast.organization.save)
