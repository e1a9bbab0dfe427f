"""The tables of versions name what there is, and objects are shaped by them."""

from typing import Any

import pytest
from msgspec import convert, to_builtins

from livechat_widget.actions.customer import ACTIONS, POSTS, READS
from livechat_widget.actions.customer.login import CONNECTION, Login
from livechat_widget.errors import ActionNotAllowed, Internal
from livechat_widget.management.documents.schemas import make_schemas
from livechat_widget.management.documents.tables import example, types_of_errors
from livechat_widget.protocol import versions
from livechat_widget.protocol.events import Message
from livechat_widget.protocol.objects import ChatSummary, Customer
from livechat_widget.protocol.pushes import PUSHES, IncomingEvent
from livechat_widget.protocol.shapes import shape
from livechat_widget.protocol.versions import LATEST, MEMBERS, NAMES, OLDEST, VERSIONS, Span


def test_a_span_has_its_versions() -> None:
    assert [name for name in NAMES if Span().has(name)] == list(NAMES)
    assert [name for name in NAMES if Span("3.6").has(name)] == ["3.6", "3.7"]
    assert [name for name in NAMES if Span(until="3.3").has(name)] == ["3.3"]


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span(), ""),
        (Span("3.6"), "from 3.6 on"),
        (Span(until="3.4"), "up to 3.4"),
        (Span(until="3.3"), "in 3.3 only"),
    ],
)
def test_a_span_is_said_in_words(span: Span, words: str) -> None:
    assert str(span) == words


def test_the_tables_name_what_there_is() -> None:
    assert versions.ACTIONS.keys() <= {*CONNECTION, *ACTIONS, *POSTS, *READS}
    assert versions.PUSHED.keys() <= PUSHES.keys()
    assert versions.SETTLED.keys() <= ACTIONS.keys()
    _, schemas = make_schemas()
    for name, spans in MEMBERS.items():
        assert spans.keys() <= schemas[name]["properties"].keys(), name
        assert spans.keys().isdisjoint(schemas[name].get("required", ())), name
    said = {*OLDEST.errors, *OLDEST.errors.values()} - {"chat_anonymized"}
    assert said <= types_of_errors().keys()


def test_how_many_actions_and_pushes_there_are() -> None:
    """As published, but for the ping; ours are goodbye and sync_reset, and what has no cause here:
    transfers and places in a queue."""
    counts = {
        version.name: sum(map(version.has_action, {*ACTIONS, "login"}))
        for version in VERSIONS.values()
    }
    # Five more, two of which only published clients know; one less.
    assert counts == {"3.3": 27, "3.4": 27, "3.5": 27, "3.6": 32, "3.7": 31}
    later = {"event_deleted", "incoming_event_preview", "incoming_thinking_indicator"}
    assert LATEST.pushes - VERSIONS["3.5"].pushes == {*later, "incoming_welcome_message"}
    assert VERSIONS["3.5"].pushes - VERSIONS["3.4"].pushes == {"groups_status_updated"}
    assert OLDEST.pushes - VERSIONS["3.4"].pushes == {"customer_page_updated"}


def shaped(action: str, version: str, kind: Any, table: str = "actions") -> Any:
    known = convert(example(table, action)["payload"], kind)
    return to_builtins(shape(known, VERSIONS[version]))


def test_a_push_is_without_what_a_version_has_not() -> None:
    for version in VERSIONS:
        greeting = shaped("incoming_greeting", version, PUSHES["incoming_greeting"], "pushes")
        assert ("is_exit_intent" in greeting) == (version >= "3.5")
        pressed = shaped(
            "incoming_rich_message_postback",
            version,
            PUSHES["incoming_rich_message_postback"],
            "pushes",
        )
        assert ("button_value" in pressed["postback"]) == (version >= "3.6")


def test_a_request_is_without_it_as_well() -> None:
    kind = ACTIONS["update_customer"].request
    assert shaped("update_customer", "3.5", kind).keys() == {"name", "session_fields"}
    assert "phone_number" in shaped("update_customer", "3.6", kind)
    login = convert({"token": "a", "customer": {"address": {"city": "Oslo"}}}, Login)
    assert to_builtins(shape(login, VERSIONS["3.5"]))["customer"] == {}
    assert shape(login, LATEST) is login


def test_what_a_row_keeps_as_json_is_shaped_and_stays_as_it_is() -> None:
    bought = {"id": "b", "thread_id": "T", "event_id": "e", "ecommerce": {"product_id": "1"}}
    message = Message(id="1", created_at="", author_id="a", text="Hi", postback=bought)
    push = IncomingEvent(chat_id="C", thread_id="T", event=message)
    older = to_builtins(shape(push, VERSIONS["3.5"]))
    assert "ecommerce" not in older["event"]["postback"]
    assert "ecommerce" in bought
    assert to_builtins(shape(push, LATEST))["event"]["postback"] == bought


def test_what_differs_in_nothing_is_given_back_as_it_is() -> None:
    customer = Customer(id="1", session_fields=[])
    assert shape(customer, OLDEST) is customer
    summary = convert(example("actions", "list_chats")["answer"]["chats_info"][0], ChatSummary)
    assert shape(summary, LATEST) is summary
    assert shape(summary, VERSIONS["3.6"]).last_event_per_type is summary.last_event_per_type


def test_an_error_goes_by_the_name_that_a_version_knows() -> None:
    refused, failed = ActionNotAllowed(), Internal()
    assert refused.as_wire(OLDEST.errors)["type"] == "authorization"
    assert refused.as_wire(LATEST.errors)["type"] == "not_allowed"
    assert failed.as_wire(OLDEST.errors)["type"] == "internal"
