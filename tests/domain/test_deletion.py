"""An event that its author takes back: nobody in the chat has it any more, the admin has."""

import pytest

from livechat_widget.delivery import log
from livechat_widget.delivery.state import load_chat, load_recent_events
from livechat_widget.domain import edits, events, history
from livechat_widget.domain.transcript_mail import _context
from livechat_widget.errors import NotAllowed, NotFound, ValidationFailed
from livechat_widget.models import Chat, Customer, Event, Stream
from livechat_widget.protocol.events import NewMessage
from livechat_widget.protocol.views import View
from tests.cast import Cast


@pytest.fixture
def customer(cast: Cast) -> Customer:
    return cast.customer()


@pytest.fixture
def chat(cast: Cast, customer: Customer) -> Chat:
    return cast.chat(customer, "Hello")


def say(chat: Chat, customer: Customer, text: str = "secret", custom_id: str = "c1") -> Event:
    return events.send(chat.pk, customer, NewMessage(text=text, custom_id=custom_id)).event


def place(row: Event) -> tuple[str, str, str]:
    return row.chat_id, row.thread_id, str(row.pk)


def everything_shown(chat: Chat, customer: Customer) -> str:
    stream = Stream.objects.get(customer=customer)
    state = load_chat(stream.pk)
    load_recent_events(state, up_to=log.clock_time(stream))
    shown = [
        history.get_chat(chat.pk, customer),
        history.list_threads(chat.pk, customer, history.Page()),
        history.list_chats(customer),
        [(entry.event and entry.event.content, entry.payload) for entry in stream.entries.all()],
        [row.content for row in state.events],
        _context(chat.last_thread)["lines"],
    ]
    return str(shown)


def test_it_works(customer: Customer, chat: Chat) -> None:
    row = say(chat, customer)
    assert everything_shown(chat, customer).count("secret") == 7
    edits.delete(*place(row), customer)
    assert "secret" not in everything_shown(chat, customer)
    assert "Hello" in everything_shown(chat, customer)
    assert Event.objects.get(pk=row.pk).content == {"text": "secret"}


def test_the_log_keeps_its_numbers(customer: Customer, chat: Chat) -> None:
    row = say(chat, customer)
    stream = Stream.objects.get(customer=customer)
    before = [entry.public_seq for entry in log.after(stream.pk, View.CUSTOMER, 0)]
    edits.delete(*place(row), customer)
    entries = log.after(stream.pk, View.CUSTOMER, 0)
    assert [entry.public_seq for entry in entries] == [*before, before[-1] + 1]
    assert [entry.action for entry in entries[-2:]] == ["event_deleted"] * 2


def test_it_refuses_a_second_time(customer: Customer, chat: Chat) -> None:
    row = say(chat, customer)
    edits.delete(*place(row), customer)
    for author in (customer, chat.organization.agents.get()):
        with pytest.raises(NotFound):
            edits.delete(*place(row), author)
    with pytest.raises(NotFound):
        edits.edit(*place(row), customer, NewMessage(text="other"))


def test_it_refuses_what_somebody_else_said(cast: Cast, customer: Customer, chat: Chat) -> None:
    reply = cast.reply(chat, "Hi")
    with pytest.raises(NotAllowed):
        edits.delete(*place(reply), customer)
    with pytest.raises(NotAllowed):
        edits.delete(*place(say(chat, customer)), cast.ann)
    edits.delete(*place(reply), cast.ann)
    assert "Hi" not in everything_shown(chat, customer)


def test_what_is_sent_again_does_not_come_back(customer: Customer, chat: Chat) -> None:
    """A client that tries the lost answer of its send again after another tab took it back."""
    edits.delete(*place(say(chat, customer)), customer)
    with pytest.raises(ValidationFailed, match="custom_id"):
        say(chat, customer)
    assert "secret" not in everything_shown(chat, customer)


def test_customers_do_not_learn_that_agents_took_back_what_was_theirs(
    cast: Cast, customer: Customer, chat: Chat
) -> None:
    cast.reply(chat, "Hi")
    hidden = events.send(chat.pk, cast.ann, NewMessage(text="Hm", recipients="agents")).event
    stream = Stream.objects.get(customer=customer)
    edits.delete(*place(hidden), cast.ann)
    assert Stream.objects.get(pk=stream.pk).public_seq == stream.public_seq
