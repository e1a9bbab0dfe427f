"""What is known of a customer: details, session fields, the side storage, and six true numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.utils.timezone import now

from livechat_widget.delivery import publish
from livechat_widget.domain import chats, customers, events
from livechat_widget.errors import CustomerSessionFieldsLimitReached
from livechat_widget.models import Customer, StreamEntry
from livechat_widget.protocol.events import NewMessage
from tests.cast import Cast


@dataclass
class Page:
    url: str
    title: str = ""


CHAIRS, TABLES = Page("https://shop.example/chairs"), Page("https://shop.example/tables")


class Clock:
    """The time that the domain sees."""

    def __init__(self) -> None:
        self.moment = now()

    def __call__(self) -> datetime:
        return self.moment

    def go_on(self, minutes: int) -> None:
        self.moment += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock()
    with patch("livechat_widget.domain.customers.now", clock):
        yield clock


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer()


def numbers(customer: Customer) -> dict[str, int]:
    fresh = Customer.objects.get(pk=customer.pk)
    statistics: Any = customers.describe(fresh).statistics
    return {name: getattr(statistics, name) for name in statistics.__struct_fields__}


def arrive(customer: Customer, page: Page | None = None) -> None:
    """As a login does, with the customer as it is stored."""
    customers.arrive(Customer.objects.get(pk=customer.pk), page)


def test_it_counts_everything(cast: Cast, vera: Customer, clock: Clock) -> None:
    assert set(numbers(vera).values()) == {0}
    arrive(vera, CHAIRS)
    chat = cast.chat(vera)
    chats.deactivate(chat.pk, vera)
    chats.resume(chat.pk, vera, chats.Opening(continuous=True))
    customers.open_page(vera, TABLES.url)
    assert numbers(vera) == {
        "chats_count": 1,
        "threads_count": 2,
        "visits_count": 1,
        "page_views_count": 2,
        "greetings_shown_count": 0,
        "greetings_accepted_count": 0,
    }


def test_coming_back_after_a_lost_network_is_neither_a_visit_nor_a_view(
    vera: Customer, clock: Clock
) -> None:
    arrive(vera, CHAIRS)
    opened_at = Customer.objects.get(pk=vera.pk).page["opened_at"]
    clock.go_on(minutes=10)
    arrive(vera, CHAIRS)
    arrive(vera)
    assert (numbers(vera)["visits_count"], numbers(vera)["page_views_count"]) == (1, 1)
    assert Customer.objects.get(pk=vera.pk).page["opened_at"] == opened_at
    arrive(vera, TABLES)
    assert (numbers(vera)["visits_count"], numbers(vera)["page_views_count"]) == (1, 2)


def test_half_an_hour_without_anything_ends_a_visit(vera: Customer, clock: Clock) -> None:
    arrive(vera, CHAIRS)
    clock.go_on(minutes=29)
    customers.open_page(vera, TABLES.url)
    clock.go_on(minutes=29)
    arrive(vera, TABLES)
    assert numbers(vera)["visits_count"] == 1
    clock.go_on(minutes=31)
    arrive(vera, TABLES)
    assert (numbers(vera)["visits_count"], numbers(vera)["page_views_count"]) == (2, 3)


def test_a_chat_keeps_a_visit_going(cast: Cast, vera: Customer, clock: Clock) -> None:
    clock.go_on(minutes=-40)
    arrive(vera)
    chat = cast.chat(vera)
    events.send(chat.pk, vera, NewMessage(text="Still here"))
    clock.go_on(minutes=40)
    arrive(vera)
    assert numbers(vera)["visits_count"] == 1


def test_session_fields_are_kept_one_by_one_and_in_order(vera: Customer) -> None:
    customers.update(vera, session_fields=[{"plan": "gold", "size": "L"}, {}, {"a": "b"}])
    kept = Customer.objects.get(pk=vera.pk).session_fields
    assert kept == [{"plan": "gold"}, {"size": "L"}, {"a": "b"}]


def test_session_fields_have_a_limit(vera: Customer) -> None:
    most = {f"k{number}": "v" for number in range(100)}
    customers.update(vera, session_fields=[most])
    with pytest.raises(CustomerSessionFieldsLimitReached):
        customers.update(vera, session_fields=[most, {"one": "more"}])
    assert len(Customer.objects.get(pk=vera.pk).session_fields) == 100


def test_what_is_the_same_is_no_news(vera: Customer) -> None:
    customers.update(vera, name="Vera", session_fields=[{"plan": "gold"}])
    customers.update(vera, name="Vera", session_fields=[{"plan": "gold"}])
    assert StreamEntry.objects.filter(stream=vera.stream).count() == 1


def test_a_long_avatar_is_kept(vera: Customer) -> None:
    avatar = "https://shop.example/" + "a" * 1979
    customers.update(vera, avatar=avatar)
    assert Customer.objects.get(pk=vera.pk).avatar == avatar


def test_the_side_storage_is_told_to_the_customer_alone(vera: Customer) -> None:
    with publish.collected() as news:
        customers.keep_aside(vera, {"seen": "7"})
    assert [(one.view, one.action, one.payload) for one in news] == [
        ("customer", "customer_side_storage_updated", {"customer_side_storage": {"seen": "7"}})
    ]
    assert Customer.objects.get(pk=vera.pk).side_storage == {"seen": "7"}


@pytest.mark.parametrize(
    ("kept", "held", "told", "then"),
    [
        ({}, {}, None, {}),
        ({}, {"a": "1"}, None, {"a": "1"}),
        ({"a": "1"}, {"a": "1"}, None, {"a": "1"}),
        ({"a": "2"}, {"a": "1"}, {"a": "2"}, {"a": "2"}),
        ({"a": "2"}, {}, {"a": "2"}, {"a": "2"}),
    ],
)
def test_what_the_server_keeps_aside_counts(
    vera: Customer,
    kept: dict[str, str],
    held: dict[str, str],
    told: dict[str, str] | None,
    then: dict[str, str],
) -> None:
    vera.side_storage = kept
    vera.save()
    assert customers.compare_aside(vera, held) == told
    assert Customer.objects.get(pk=vera.pk).side_storage == then
