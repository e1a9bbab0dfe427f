"""What verbs cost in queries, and that the cost does not grow with the history."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from livechat_widget.actions.customer.login import LoginCustomer
from livechat_widget.delivery import encode
from livechat_widget.delivery.encode import Encoding
from livechat_widget.delivery.epoch import read_epoch
from livechat_widget.domain import (
    chats,
    customers,
    events,
    forms,
    greetings,
    groups,
    history,
    login,
    mails,
    properties,
    queue,
    routing,
    tickets,
    typing,
)
from livechat_widget.domain.batch import Send, carry_out
from livechat_widget.domain.properties import Place
from livechat_widget.models import Agent, Chat, Customer
from livechat_widget.protocol.events import NewMessage
from livechat_widget.protocol.views import View
from tests.cast import Cast


def count(act: Callable[[], object]) -> int:
    """Queries of a verb, without the savepoint that only exists inside a test's transaction."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        act()
    return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer()


@pytest.fixture
def chat(cast: Cast, vera: Customer) -> Chat:
    chat = cast.chat(vera)
    chats.join(chat.pk, cast.ann)
    return chat


def test_sending(vera: Customer, chat: Chat) -> None:
    new = NewMessage(text="Hi", custom_id="c1")
    assert count(lambda: events.send(chat.pk, vera, new)) == 7


def test_sending_as_an_agent(cast: Cast, chat: Chat) -> None:
    new = NewMessage(text="Hi", custom_id="c1")
    assert count(lambda: events.send(chat.pk, cast.ann, new)) == 7


@pytest.mark.parametrize("size", [1, 50])
def test_a_batch_costs_the_same_for_any_number_of_commands(cast: Cast, size: int) -> None:
    customers = [cast.customer() for _ in range(size)]
    commands = [
        Send(cast.chat(one).pk, one, NewMessage(text="Hi", custom_id="c1")) for one in customers
    ]
    assert count(lambda: carry_out(commands, look_for_repeats=False)) == 6


def test_starting(vera: Customer) -> None:
    opening = chats.Opening(events=[NewMessage(text="Hi", custom_id="c1")])
    assert count(lambda: chats.start(vera, opening)) <= 14


def test_properties(vera: Customer, chat: Chat) -> None:
    event = events.send(chat.pk, vera, NewMessage(text="Hi")).event
    places = [
        Place(chat.pk),
        Place(chat.pk, event.thread_id),
        Place(chat.pk, event.thread_id, str(event.pk)),
    ]
    given = {"test": {"int_property": 1, "bool_property": True}}
    names = {"test": ["int_property", "bool_property"]}
    for place in places:
        assert count(lambda place=place: properties.update(place, vera, given)) <= 6
        assert count(lambda place=place: properties.update(place, vera, given)) <= 3
        assert count(lambda place=place: properties.delete(place, vera, names)) <= 6


def test_rating(vera: Customer, chat: Chat) -> None:
    rating = {"rating": {"score": 1, "comment": "Good"}}
    place = Place(chat.pk)
    assert count(lambda: properties.update(place, vera, rating)) <= 9
    assert count(lambda: properties.update(place, vera, rating)) == 2
    assert count(lambda: properties.delete(place, vera, {"rating": ["score"]})) <= 8


def test_a_transcript(vera: Customer, chat: Chat) -> None:
    place = Place(chat.pk, chat.last_thread_id)
    given = {"routing": {"transcript_email": "vera@example.org"}}
    assert count(lambda: properties.update(place, vera, given)) <= 10
    for number in range(20):
        events.send(chat.pk, vera, NewMessage(text=str(number)))
    chats.deactivate(chat.pk, vera)
    assert count(mails.send_due) <= 15
    assert count(mails.send_due) == 1


def test_a_customer(vera: Customer, chat: Chat) -> None:
    changed = {"name": "Vera", "session_fields": [{"plan": "gold"}]}
    assert count(lambda: customers.update(vera, **changed)) <= 7
    assert count(lambda: customers.update(vera, **changed)) == 2
    assert count(lambda: customers.open_page(vera, "https://shop.example/")) <= 4
    assert count(lambda: customers.keep_aside(vera, {"a": "b"})) <= 2
    assert count(lambda: customers.describe(vera)) == 1


def test_seen_marks(vera: Customer, chat: Chat, cast: Cast) -> None:
    event = cast.reply(chat, "Good day")
    assert count(lambda: events.mark_as_seen(chat.pk, vera, event.created_at)) == 5


def test_typing(vera: Customer, chat: Chat) -> None:
    assert count(lambda: typing.peek(chat.pk, vera, "I")) <= 2


@pytest.mark.parametrize("threads", [1, 20])
def test_reading_does_not_depend_on_the_history(
    cast: Cast, vera: Customer, chat: Chat, threads: int
) -> None:
    for _ in range(threads):
        chats.deactivate(chat.pk, cast.ann)
        chats.resume(chat.pk, vera, chats.Opening(events=[NewMessage(text="Again")]))
    assert count(lambda: history.list_chats(vera)) <= 8
    assert count(lambda: history.get_chat(chat.pk, vera)) <= 8
    assert count(lambda: history.list_threads(chat.pk, vera, history.Page())) <= 8


def test_drawing_runs_no_query_for_a_push_more(vera: Customer, chat: Chat, cast: Cast) -> None:
    encodings = {Encoding(View.CUSTOMER, "3.5", "en"), Encoding(View.CUSTOMER, "3.3")}

    def read() -> int:
        return count(lambda: encode.read(vera.stream.pk, View.AGENT, 0, encodings))

    before = read()
    for number in range(20):
        cast.reply(chat, str(number))
    assert read() == before


def test_a_customer_who_wants_no_fragments_costs_one_query(vera: Customer, chat: Chat) -> None:
    vera.stream.refresh_from_db()
    after = vera.stream.seq
    events.send(chat.pk, vera, NewMessage(text="Hi"))
    encodings = {Encoding(View.CUSTOMER, "3.5")}
    assert count(lambda: encode.read(vera.stream.pk, View.AGENT, after, encodings)) == 1


def test_logging_in_again(cast: Cast, vera: Customer, chat: Chat) -> None:
    """The organization is known from the handshake; the log is read after that, with two more."""
    assert count(coming_back(cast, vera)) == 3


def test_logging_in_again_with_a_greeting_on_the_screen(cast: Cast, vera: Customer) -> None:
    for _ in range(2):
        greetings.send(str(vera.pk), cast.ann, cast.greeting().pk)
    assert count(coming_back(cast, vera)) == 3


def coming_back(cast: Cast, customer: Customer) -> Callable[[], object]:
    token, organization = cast.token(customer), cast.organization
    details = login.Details(customer=LoginCustomer(), after=1, epoch=read_epoch())
    return lambda: login.log_in(token, organization, details)


@pytest.mark.parametrize("size", [1, 30])
def test_a_form_costs_the_same_for_any_number_of_fields(cast: Cast, size: int) -> None:
    cast.form("prechat", *({"type": "select", "options": "A\nB"} for _ in range(size)))
    assert count(lambda: forms.find(cast.organization, 0, "prechat")) == 4


def test_a_ticket_costs_the_same_for_any_number_of_others(cast: Cast) -> None:
    cast.general.email = "desk@shop.example"
    cast.general.save()
    new = tickets.NewTicket(email="vera@example.org", message="It broke")

    def write() -> int:
        return count(lambda: tickets.write(cast.organization, new, address="192.0.2.1"))

    assert [write(), write(), write()] == [4, 4, 4]


def test_a_page_costs_one_query_where_nothing_is_offered(cast: Cast, vera: Customer) -> None:
    assert count(lambda: greetings.offer(vera, 0)) == 1


@pytest.mark.parametrize("size", [1, 20])
def test_greetings_cost_the_same_for_any_number_of_templates(
    cast: Cast, vera: Customer, size: int
) -> None:
    nowhere = [{"type": "page_url", "patterns": ["nowhere"]}]
    for _ in range(size):
        cast.greeting(active=True, conditions=nowhere)
    assert count(lambda: greetings.offer(vera, 0)) == 5
    template = cast.greeting(active=True)
    assert count(lambda: greetings.offer(vera, 0)) == 13
    shown = greetings.last_shown(vera)
    assert shown
    assert count(lambda: greetings.accept(vera, template.pk, shown.pk)) == 6
    shown = greetings.send(str(vera.pk), cast.ann, template.pk)
    assert count(lambda: greetings.cancel(vera, shown.pk)) == 5


@pytest.mark.parametrize("size", [1, 20])
def test_groups_cost_the_same_for_any_number(cast: Cast, size: int) -> None:
    others = [Cast() for _ in range(size)]
    for number in range(1, size + 1):
        cast.group(number)
    everybody = [cast.organization.pk, *(one.organization.pk for one in others)]
    assert count(lambda: groups.statuses(everybody)) == 1
    assert count(lambda: groups.predict(cast.organization.pk)) == 2


@pytest.mark.parametrize("size", [1, 20])
def test_routing_costs_the_same_for_any_number(db: None, size: int) -> None:
    """Of agents and of chats that wait; a start pays for it after its commit."""
    cast = Cast("least_loaded")
    Agent.objects.filter(pk=cast.ann.pk).update(concurrent_limit=1)

    def route() -> int:
        return count(lambda: routing.route(cast.organization.pk))

    assert route() == 2
    cast.chat()
    decided, assigned = 4, 5
    assert route() == decided + assigned
    for number in range(size):
        agent = cast.agent(f"Agent {number}")
        Agent.objects.filter(pk=agent.pk).update(accepting=False)
        cast.chat()
    assert route() == 2


def test_a_place_in_the_queue(db: None) -> None:
    cast = Cast("least_loaded")
    Agent.objects.filter(pk=cast.ann.pk).update(concurrent_limit=1)
    assert count(lambda: queue.places([cast.organization.pk])) == 1
    for _ in range(10):
        cast.chat()
    routing.route(cast.organization.pk)
    assert count(lambda: queue.places([cast.organization.pk])) == 5  # the first promises
    assert count(lambda: queue.places([cast.organization.pk])) == 4


def test_logging_in(cast: Cast, vera: Customer) -> None:
    details = login.Details(customer=LoginCustomer())
    assert count(lambda: login.log_in(cast.token(vera), cast.organization, details)) == 7
