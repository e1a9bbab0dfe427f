"""Greetings: an agent sends one, or a page does; customers accept or cancel."""

from typing import Any

import msgspec
import pytest
from django.utils.timezone import now

from livechat_widget.delivery.greetings import describe
from livechat_widget.domain import chats, customers, greetings
from livechat_widget.errors import ChatAlreadyActive, GreetingNotFound, NotFound
from livechat_widget.models import Customer, Greeting, Thread
from tests.cast import Cast

SHOP = "https://shop.example/cups"


def entries(customer: Customer) -> list[tuple[str, Any]]:
    """The pushes of greetings, each with its unique id, in order."""
    rows = customer.stream.entries.filter(action__contains="greeting").order_by("seq")
    return [(row.action, row.payload["unique_id"]) for row in rows]


def open_page(customer: Customer, url: str = SHOP, group: int = 0, **more: Any) -> Greeting | None:
    customers.open_page(customer, url, more.pop("title", ""))
    return greetings.offer(customer, group, **more)


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer()


def test_it_works(cast: Cast, vera: Customer) -> None:
    template = cast.greeting(subtype="announcement", addon="email")
    shown = greetings.send(str(vera.pk), cast.ann, template.pk)
    [entry] = vera.stream.entries.all()
    assert (entry.action, entry.public_seq) == ("incoming_greeting", 1)
    assert entry.payload == {
        "id": template.pk,
        "unique_id": shown.pk,
        "displayed_first_time": True,
        "accepted": False,
        "is_exit_intent": False,
        "addon": "email",
        "subtype": "announcement",
        "event": {
            "type": "message",
            "id": f"{shown.pk}_1",
            "author_id": cast.ann.public_id,
            "created_at": entry.payload["event"]["created_at"],
            "text": "May I help?",
            "properties": {"lc2": {"greeting_id": template.pk, "greeting_unique_id": shown.pk}},
        },
        "agent": {
            "type": "agent",
            "id": cast.ann.public_id,
            "name": "Ann",
            "avatar": "",
            "job_title": "",
            "is_bot": False,
        },
    }
    vera.refresh_from_db()
    assert vera.greetings_shown_count == 1


def test_a_rich_message_stands_instead_of_the_text(cast: Cast, vera: Customer) -> None:
    button = {"text": "Yes", "postback_id": "yes", "user_ids": []}
    rich = {"template_id": "quick_replies", "elements": [{"title": "Help?", "buttons": [button]}]}
    template = cast.greeting(text="", rich_message=rich)
    shown = greetings.send(str(vera.pk), cast.ann, template.pk)
    event = msgspec.to_builtins(describe(shown, first_time=True))["event"]
    assert event["type"] == "rich_message"
    assert {name: event[name] for name in rich} == rich


def test_a_new_one_takes_the_place_of_one_that_waits(cast: Cast, vera: Customer) -> None:
    template = cast.greeting()
    first = greetings.send(str(vera.pk), cast.ann, template.pk)
    second = greetings.send(str(vera.pk), cast.ann, template.pk)
    assert entries(vera) == [
        ("incoming_greeting", first.pk),
        ("greeting_canceled", first.pk),
        ("incoming_greeting", second.pk),
    ]
    first.refresh_from_db()
    assert first.canceled
    assert greetings.last_shown(vera) == second


def test_one_that_was_accepted_is_not_cancelled_by_another(cast: Cast, vera: Customer) -> None:
    template = cast.greeting()
    first = greetings.send(str(vera.pk), cast.ann, template.pk)
    greetings.accept(vera, template.pk, first.pk)
    greetings.send(str(vera.pk), cast.ann, template.pk)
    assert "greeting_canceled" not in dict(entries(vera))


def test_an_agent_greets_nobody_who_is_in_a_chat(cast: Cast, vera: Customer) -> None:
    cast.chat(vera)
    with pytest.raises(ChatAlreadyActive):
        greetings.send(str(vera.pk), cast.ann, cast.greeting().pk)


def test_an_agent_sends_what_is_of_its_groups_to_customers_of_its_own(
    cast: Cast, vera: Customer
) -> None:
    orders = cast.group(1)
    own, foreign = cast.greeting(group=orders), Cast()
    stranger = foreign.customer()
    refused = [
        (str(vera.pk), own.pk),
        (str(vera.pk), foreign.greeting().pk),
        (str(vera.pk), 2**62),
        (str(stranger.pk), cast.greeting().pk),
    ]
    for customer_id, template_id in refused:
        with pytest.raises(NotFound, match="no such customer or greeting"):
            greetings.send(customer_id, cast.ann, template_id)
    cast.ann.groups.add(orders)
    assert greetings.send(str(vera.pk), cast.ann, own.pk)
    assert Greeting.objects.count() == 1


def test_accepting_is_told_and_counted_once(cast: Cast, vera: Customer) -> None:
    template = cast.greeting()
    shown = greetings.send(str(vera.pk), cast.ann, template.pk)
    for _ in range(2):
        greetings.accept(vera, template.pk, shown.pk)
    assert entries(vera)[1:] == [("greeting_accepted", shown.pk)]
    vera.refresh_from_db()
    assert vera.greetings_accepted_count == 1
    with pytest.raises(GreetingNotFound):
        greetings.cancel(vera, shown.pk)


def test_cancelling_is_told_once(cast: Cast, vera: Customer) -> None:
    template = cast.greeting()
    shown = greetings.send(str(vera.pk), cast.ann, template.pk)
    for _ in range(2):
        greetings.cancel(vera, shown.pk)
    assert entries(vera)[1:] == [("greeting_canceled", shown.pk)]
    assert greetings.last_shown(vera) is None
    with pytest.raises(GreetingNotFound):
        greetings.accept(vera, template.pk, shown.pk)


def test_it_refuses_a_foreign_greeting_as_an_absent_one(cast: Cast, vera: Customer) -> None:
    template = cast.greeting()
    shown = greetings.send(str(vera.pk), cast.ann, template.pk)
    mallory = cast.customer()
    for unique_id in (shown.pk, "ABSENT2345"):
        with pytest.raises(GreetingNotFound):
            greetings.accept(mallory, template.pk, unique_id)
        with pytest.raises(GreetingNotFound):
            greetings.cancel(mallory, unique_id)
    with pytest.raises(GreetingNotFound):
        greetings.accept(vera, template.pk + 1, shown.pk)
    shown.refresh_from_db()
    assert not (shown.accepted)
    assert not (shown.canceled)


def test_a_page_shows_the_first_whose_conditions_hold(cast: Cast, vera: Customer) -> None:
    here = [{"type": "page_url", "patterns": ["*/cups"]}]
    cast.greeting(active=True, conditions=[{"type": "page_title", "contains": "Teapots"}])
    fitting = cast.greeting(active=True, conditions=here)
    cast.greeting(active=True, conditions=here)
    assert open_page(vera, "https://shop.example/") is None
    shown = open_page(vera)
    assert shown
    assert shown.template == fitting
    assert shown.agent == cast.ann
    assert entries(vera) == [("incoming_greeting", shown.pk)]


def test_each_is_offered_once(cast: Cast, vera: Customer) -> None:
    template = cast.greeting(active=True)
    shown = open_page(vera)
    assert shown
    assert shown.template == template
    assert open_page(vera) is None
    greetings.cancel(vera, shown.pk)
    assert open_page(vera) is None
    assert open_page(cast.customer())


def test_it_is_offered_once_whoever_is_faster(cast: Cast, vera: Customer) -> None:
    """Two tabs found the same greeting to be new."""
    template = cast.greeting(active=True)
    assert open_page(vera)
    assert greetings._offer(vera, template, cast.ann) is None
    assert len(entries(vera)) == 1


@pytest.mark.parametrize(
    ("condition", "referrer"),
    [
        ({"type": "referrer", "patterns": ["https://search.example/*"]}, "https://search.example/"),
        ({"type": "visits", "at_least": 2}, ""),
        ({"type": "page_title", "contains": "Cups"}, ""),
        ({"type": "group_status", "status": "online"}, ""),
    ],
)
def test_conditions_know_the_visit(
    cast: Cast, vera: Customer, condition: dict[str, Any], referrer: str
) -> None:
    cast.greeting(active=True, conditions=[condition])
    cast.ann.accepting = False
    cast.ann.save()
    customers.open_page(vera, SHOP)
    assert greetings.offer(vera, 0) is None
    cast.ann.accepting = True
    cast.ann.save()
    long_ago = now() - 2 * customers.VISIT
    Customer.objects.filter(pk=vera.pk).update(visited_at=long_ago)
    assert open_page(vera, title="Cups", referrer=referrer)


def test_nothing_is_offered_where_it_would_disturb(cast: Cast, vera: Customer) -> None:
    cast.greeting(active=False)
    assert open_page(vera) is None
    cast.greeting(active=True)
    cast.chat(vera)
    assert open_page(vera) is None
    other = cast.customer()
    cast.ann.user.is_active = False
    cast.ann.user.save()
    assert open_page(other) is None


def test_greetings_are_for_the_customers_group_and_for_all(cast: Cast, vera: Customer) -> None:
    orders = cast.group(1)
    cast.ann.groups.add(orders)
    Cast().greeting(active=True)
    own = cast.greeting(active=True, group=orders)
    assert open_page(vera, group=0) is None
    shown = open_page(vera, group=1)
    assert shown
    assert shown.template == own
    for_all = cast.greeting(active=True)
    shown = open_page(vera, group=1)
    assert shown
    assert shown.template == for_all


def test_a_chat_puts_an_end_to_it(cast: Cast, vera: Customer) -> None:
    template = cast.greeting()
    shown = greetings.send(str(vera.pk), cast.ann, template.pk)
    greetings.accept(vera, template.pk, shown.pk)
    assert greetings.last_shown(vera) == shown
    chat = cast.chat(vera)
    assert greetings.last_shown(vera) is None
    chats.deactivate(chat.pk, vera)
    assert greetings.last_shown(vera) is None


def test_a_chat_knows_the_greeting_that_led_to_it(cast: Cast, vera: Customer) -> None:
    def led_to(thread: Thread) -> Any:
        return Thread.objects.get(pk=thread.pk).properties.get("lc2")

    template = cast.greeting()
    shown = greetings.send(str(vera.pk), cast.ann, template.pk)
    greetings.accept(vera, template.pk, shown.pk)
    own = {"greeting_id": template.pk, "greeting_unique_id": shown.pk}
    started = chats.start(vera, chats.Opening())
    assert led_to(started.thread) == own
    chats.deactivate(started.chat.pk, vera)
    # The next one began by itself.
    resumed = chats.resume(started.chat.pk, vera, chats.Opening())
    assert led_to(resumed.thread) is None
    chats.deactivate(started.chat.pk, vera)
    shown = greetings.send(str(vera.pk), cast.ann, template.pk)
    greetings.accept(vera, template.pk, shown.pk)
    # A client that says it itself, as published ones do, is believed.
    said = {"lc2": {"greeting_id": 1, "greeting_unique_id": "ABC"}}
    again = chats.resume(started.chat.pk, vera, chats.Opening(thread_properties=said))
    assert led_to(again.thread) == said["lc2"]


def test_a_chat_after_a_greeting_that_was_only_shown_knows_of_none(
    cast: Cast, vera: Customer
) -> None:
    template = cast.greeting()
    greetings.send(str(vera.pk), cast.ann, template.pk)
    thread = chats.start(vera, chats.Opening()).thread
    assert "lc2" not in Thread.objects.get(pk=thread.pk).properties
