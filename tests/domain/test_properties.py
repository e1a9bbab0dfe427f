"""Properties: who may write, read and delete which, and what is told of it."""

from typing import Any

import pytest
from django.test import override_settings

from livechat_widget.delivery import present
from livechat_widget.delivery.state import load_chat
from livechat_widget.domain import chats, events, history, organizations, properties
from livechat_widget.domain.properties import Place
from livechat_widget.errors import GroupNotFound, NotAllowed, NotFound, ValidationFailed
from livechat_widget.models import Chat, Customer, Event, Group, StreamEntry, Thread
from livechat_widget.protocol.events import NewMessage
from livechat_widget.protocol.properties import NAMESPACES, readable
from livechat_widget.protocol.views import View
from tests.cast import Cast

SHOP = {
    "shop": {
        "order": {
            "type": "string",
            "customer": {"chat": "rw", "license": "r", "group": "r"},
            "agent": {"chat": "rw", "event": "rw"},
        },
        "margin": {"type": "int", "agent": {"chat": "rw", "thread": "rw", "license": "rw"}},
    }
}
with_shop = override_settings(LIVECHAT={"PROPERTY_NAMESPACES": SHOP})


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer()


@pytest.fixture
def chat(cast: Cast, vera: Customer) -> Chat:
    return cast.chat(vera)


def kept(chat: Chat) -> dict[str, Any]:
    return Chat.objects.get(pk=chat.pk).properties


def entries(chat: Chat) -> list[StreamEntry]:
    return list(StreamEntry.objects.filter(stream__customer__chat=chat).order_by("seq"))


def shown(entry: StreamEntry, view: View) -> Any:
    return present.push(entry, None, view).properties


def test_it_works(vera: Customer, chat: Chat) -> None:
    place = Place(chat.pk)
    properties.update(place, vera, {"test": {"int_property": 1, "bool_property": True}})
    properties.update(place, vera, {"test": {"int_property": 2}})
    assert kept(chat) == {"test": {"int_property": 2, "bool_property": True}}
    properties.delete(place, vera, {"test": ["int_property"]})
    assert kept(chat) == {"test": {"bool_property": True}}
    properties.delete(place, vera, {"test": ["bool_property"]})
    assert kept(chat) == {}
    told = [(entry.action, entry.payload["properties"]) for entry in entries(chat)[1:]]
    assert told == [
        ("chat_properties_updated", {"test": {"int_property": 1, "bool_property": True}}),
        ("chat_properties_updated", {"test": {"int_property": 2}}),
        ("chat_properties_deleted", {"test": ["int_property"]}),
        ("chat_properties_deleted", {"test": ["bool_property"]}),
    ]


def test_it_tells_only_what_changed(vera: Customer, chat: Chat) -> None:
    both = {"test": {"int_property": 1, "string_property": "a"}}
    properties.update(Place(chat.pk), vera, both)
    properties.update(Place(chat.pk), vera, {"test": {"int_property": 1, "string_property": "b"}})
    assert entries(chat)[-1].payload["properties"] == {"test": {"string_property": "b"}}
    before = len(entries(chat))
    properties.update(Place(chat.pk), vera, {"test": {"int_property": 1}})
    properties.delete(Place(chat.pk), vera, {"test": ["bool_property"]})
    assert len(entries(chat)) == before


@pytest.mark.parametrize(
    "value", [True, 1.5, "1", None, [], {}, 2**31, -(2**31) - 1], ids=lambda value: repr(value)
)
def test_it_refuses_what_is_no_int(vera: Customer, chat: Chat, value: Any) -> None:
    with pytest.raises(ValidationFailed, match="whole number"):
        properties.update(Place(chat.pk), vera, {"test": {"int_property": value}})
    assert kept(chat) == {}


@pytest.mark.parametrize("value", [0, 1, "true", None, [], {}])
def test_it_refuses_what_is_no_bool(vera: Customer, chat: Chat, value: Any) -> None:
    with pytest.raises(ValidationFailed, match="true or false"):
        properties.update(Place(chat.pk), vera, {"test": {"bool_property": value}})


@pytest.mark.parametrize("name", ["string_property", "tokenized_string_property"])
@pytest.mark.parametrize("value", [0, True, None, [], {}])
def test_it_refuses_what_is_no_text(vera: Customer, chat: Chat, name: str, value: Any) -> None:
    with pytest.raises(ValidationFailed, match="a text"):
        properties.update(Place(chat.pk), vera, {"test": {name: value}})


@pytest.mark.parametrize(
    ("namespace", "name"),
    [
        ("__proto__", "polluted"),
        ("test", "__proto__"),
        ("test", "__class__"),
        ("test", "int_property.real"),
        ("test.int_property", "real"),
        ("", ""),
        ("nobody", "is_staff"),
    ],
)
def test_it_refuses_what_nobody_registered(
    vera: Customer, chat: Chat, namespace: str, name: str
) -> None:
    with pytest.raises(ValidationFailed, match="no such property"):
        properties.update(Place(chat.pk), vera, {namespace: {name: 1}})
    with pytest.raises(ValidationFailed, match="no such property"):
        properties.delete(Place(chat.pk), vera, {namespace: [name]})
    assert kept(chat) == {}


@pytest.mark.parametrize("namespace", ["test", "nobody"])
def test_it_refuses_a_namespace_without_names(vera: Customer, chat: Chat, namespace: str) -> None:
    with pytest.raises(ValidationFailed, match="name a property"):
        properties.update(Place(chat.pk), vera, {namespace: {}})


def test_what_the_server_owns_no_customer_writes_or_deletes(vera: Customer, chat: Chat) -> None:
    Chat.objects.filter(pk=chat.pk).update(properties={"routing": {"continuous": True}})
    with pytest.raises(NotAllowed, match=r"routing\.continuous"):
        properties.update(Place(chat.pk), vera, {"routing": {"continuous": False}})
    with pytest.raises(NotAllowed, match=r"routing\.continuous"):
        properties.delete(Place(chat.pk), vera, {"routing": ["continuous"]})
    assert kept(chat) == {"routing": {"continuous": True}}


def test_every_property_is_writable_exactly_where_the_table_says(
    cast: Cast, vera: Customer
) -> None:
    chat = cast.chat(vera)
    event = Event.objects.get(chat=chat)
    thread = chat.last_thread_id or ""
    places = {
        "chat": Place(chat.pk),
        "thread": Place(chat.pk, thread),
        "event": Place(chat.pk, thread, str(event.pk)),
    }
    values = {"int": 1, "bool": True, "string": "a@b.example", "tokenized_string": "a"}
    for namespace, names in NAMESPACES.items():
        for name, definition in names.items():
            for location, place in places.items():
                for author in (vera, cast.ann):
                    access = definition.customer if author is vera else definition.agent
                    given = {namespace: {name: values[definition.type]}}
                    if "w" in access.get(location, ""):
                        properties.update(place, author, given)
                    else:
                        with pytest.raises(NotAllowed):
                            properties.update(place, author, given)


@with_shop
def test_what_is_for_agents_never_reaches_a_customer(cast: Cast, vera: Customer) -> None:
    chat = cast.chat(vera)
    given = {"shop": {"order": "A1", "margin": 7}}
    properties.update(Place(chat.pk), cast.ann, given)
    entry = entries(chat)[-1]
    assert entry.public_seq is not None
    assert shown(entry, View.AGENT) == given
    assert shown(entry, View.CUSTOMER) == {"shop": {"order": "A1"}}
    assert history.get_chat(chat.pk, vera).properties == {"shop": {"order": "A1"}}
    assert history.list_chats(vera)[0].properties == {"shop": {"order": "A1"}}
    properties.delete(Place(chat.pk), cast.ann, {"shop": ["order", "margin"]})
    assert shown(entries(chat)[-1], View.CUSTOMER) == {"shop": ["order"]}


@with_shop
def test_a_push_about_nothing_that_the_customer_may_read_is_for_agents_only(
    cast: Cast, chat: Chat
) -> None:
    place = Place(chat.pk, chat.last_thread_id)
    properties.update(place, cast.ann, {"shop": {"margin": 7}})
    properties.delete(place, cast.ann, {"shop": ["margin"]})
    properties.update(Place(chat.pk), cast.ann, {"routing": {"pinned": True}})
    assert [entry.public_seq for entry in entries(chat)[1:]] == [None, None, None]


@with_shop
def test_what_is_registered_no_more_is_shown_to_nobody(cast: Cast, chat: Chat) -> None:
    properties.update(Place(chat.pk), cast.ann, {"shop": {"order": "A1"}})
    stored = kept(chat)
    assert readable(stored, View.CUSTOMER, "chat") == stored
    with override_settings(LIVECHAT={}):
        assert readable(stored, View.CUSTOMER, "chat") == {}
        assert readable(stored, View.AGENT, "chat") == {}


def test_an_event_that_only_agents_see_is_not_there_for_a_customer(
    cast: Cast, vera: Customer, chat: Chat
) -> None:
    event = cast.reply(chat, "Mind the step")
    place = Place(chat.pk, event.thread_id, str(event.pk))
    rating = {"rating": {"score": 1}}
    properties.update(place, vera, rating)
    Event.objects.filter(pk=event.pk).update(visibility=Event.Visibility.AGENTS)
    with pytest.raises(NotFound):
        properties.update(place, vera, {"rating": {"score": 0}})
    properties.update(place, cast.ann, {"status": {"delivered": True}})
    assert entries(chat)[-1].public_seq is None


def test_a_customer_writes_on_events_of_others_only_what_is_about_them(
    cast: Cast, vera: Customer, chat: Chat
) -> None:
    own = events.send(chat.pk, vera, NewMessage(text="See here")).event
    hers = cast.reply(chat, "Good day")
    title = {"url_details": {"title": "A shop"}}
    properties.update(Place(chat.pk, own.thread_id, str(own.pk)), vera, title)
    with pytest.raises(NotAllowed, match="own events"):
        properties.update(Place(chat.pk, hers.thread_id, str(hers.pk)), vera, title)
    properties.update(Place(chat.pk, hers.thread_id, str(hers.pk)), vera, {"rating": {"score": 1}})
    assert Event.objects.get(pk=hers.pk).properties == {"rating": {"score": 1}}


def test_a_foreign_place_is_as_absent_as_one_that_never_was(
    cast: Cast, vera: Customer, chat: Chat
) -> None:
    foreign = cast.chat()
    event = Event.objects.get(chat=foreign)
    thread = foreign.last_thread_id
    given = {"test": {"int_property": 1}}
    pairs = [
        (Place(foreign.pk), Place("NOWHERE")),
        (Place(chat.pk, thread), Place(chat.pk, "NOWHERE")),
        (Place(chat.pk, thread, str(event.pk)), Place(chat.pk, "NOWHERE", "x' OR 1=1")),
        (
            Place(chat.pk, chat.last_thread_id, str(event.pk)),
            Place(chat.pk, chat.last_thread_id, "0"),
        ),
    ]
    for there, absent in pairs:
        for act in (
            lambda place: properties.update(place, vera, given),
            lambda place: properties.delete(place, vera, {"test": ["int_property"]}),
        ):
            with pytest.raises(NotFound) as one:
                act(there)
            with pytest.raises(NotFound) as other:
                act(absent)
            assert one.value.message == other.value.message
    assert kept(foreign) == {}
    assert Event.objects.get(pk=event.pk).properties == {}


def test_an_agent_of_another_group_finds_nothing(cast: Cast) -> None:
    group = Group.objects.create(organization=cast.organization, number=1, name="Sales")
    chat = cast.chat()
    given = {"test": {"int_property": 1}}
    properties.update(Place(chat.pk), cast.ann, given)
    Thread.objects.filter(chat=chat).update(group=group)
    with pytest.raises(NotFound):
        properties.update(Place(chat.pk), cast.ann, {"test": {"int_property": 2}})


@pytest.mark.parametrize(
    ("limit", "given"),
    [
        ({"MAX_PROPERTY_BYTES": 3}, {"test": {"string_property": "éé"}}),
        ({"MAX_PROPERTIES": 2}, {"test": {"bool_property": True, "int_property": 1}}),
        ({"MAX_PROPERTY_NAMESPACES": 1}, {"rating": {"score": 1}}),
    ],
)
def test_there_is_a_limit(
    vera: Customer, chat: Chat, limit: dict[str, int], given: dict[str, Any]
) -> None:
    properties.update(Place(chat.pk), vera, {"test": {"tokenized_string_property": "abc"}})
    with override_settings(LIVECHAT=limit), pytest.raises(ValidationFailed, match="at most"):
        properties.update(Place(chat.pk), vera, given)
    properties.update(Place(chat.pk), vera, given)


def test_a_chat_starts_with_properties(cast: Cast, vera: Customer) -> None:
    opening = chats.Opening(
        continuous=True,
        chat_properties={"test": {"int_property": 1}},
        thread_properties={"lc2": {"greeting_id": 7}},
    )
    chat = chats.start(vera, opening).chat
    shown = history.get_chat(chat.pk, vera)
    assert shown.properties == {"test": {"int_property": 1}, "routing": {"continuous": True}}
    assert shown.thread is not None
    assert shown.thread.properties == {
        "lc2": {"greeting_id": 7},
        "routing": {"continuous": True},
    }
    state = load_chat(vera.stream.pk)
    assert present.push(entries(chat)[0], state, View.CUSTOMER).chat.properties == shown.properties


def test_a_thread_knows_where_it_began(cast: Cast) -> None:
    vera = cast.customer()
    Customer.objects.filter(pk=vera.pk).update(page={"url": "https://shop.example/chairs"})
    thread = chats.start(vera, chats.Opening()).thread
    assert thread.properties == {"routing": {"start_url": "https://shop.example/chairs"}}


def test_a_chat_stays_as_continuous_as_it_was(cast: Cast, vera: Customer) -> None:
    chat = chats.start(vera, chats.Opening(continuous=True)).chat
    chats.deactivate(chat.pk, vera)
    cast.ann.accepting = False
    cast.ann.save()
    assert chats.resume(chat.pk, vera, chats.Opening()).thread.active


def test_a_refused_property_starts_no_chat(vera: Customer) -> None:
    for given in ({"source": {"client_id": "me"}}, {"routing": {"continuous": True}}):
        with pytest.raises(NotAllowed):
            chats.start(vera, chats.Opening(chat_properties=given))
    assert not Chat.objects.filter(customer=vera).exists()


def test_an_event_is_sent_with_properties(vera: Customer, chat: Chat) -> None:
    given = {"url_details": {"title": "Chairs"}, "test": {"bool_property": False}}
    event = events.send(chat.pk, vera, NewMessage(text="Hi", properties=given)).event
    assert Event.objects.get(pk=event.pk).properties == given
    assert present.event(event, None, View.CUSTOMER).properties == given


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"source": {"client_id": "me"}}, NotAllowed),
        ({"lc2": {"file_safety_confirmation": True}}, NotAllowed),
        ({"test": {"int_property": "1"}}, ValidationFailed),
        ({"nobody": {}}, ValidationFailed),
    ],
)
def test_an_event_is_refused_with_a_property_that_is(
    vera: Customer, chat: Chat, given: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        events.send(chat.pk, vera, NewMessage(text="Hi", properties=given))
    assert Event.objects.filter(chat=chat).count() == 1


@with_shop
def test_license_and_group_have_properties_to_read(cast: Cast) -> None:
    organization = cast.organization
    organization.properties = {"shop": {"order": "A1", "margin": 7}, "test": {"int_property": 3}}
    assert organizations.list_license_properties(organization) == {
        "shop": {"order": "A1"},
        "test": {"int_property": 3},
    }
    assert organizations.list_license_properties(organization, "shop") == {"shop": {"order": "A1"}}
    assert organizations.list_license_properties(organization, "shop", "margin") == {}
    assert organizations.list_license_properties(organization, name="int_property") == {
        "test": {"int_property": 3}
    }
    cast.general.properties = {"smart_actions": {"greeting.hide_when_offline": True}}
    cast.general.save()
    assert organizations.list_group_properties(organization, 0) == cast.general.properties
    with pytest.raises(GroupNotFound):
        organizations.list_group_properties(organization, 1)
