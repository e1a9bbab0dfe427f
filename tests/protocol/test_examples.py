"""Every member of the protocol's tables has an example, and every example is what it says."""

from pathlib import Path
from typing import Any

import pytest

from livechat_widget.management.documents.tables import (
    EXAMPLES,
    example,
    list_actions,
    members,
    push_frame,
    types_of_errors,
    types_of_events,
)
from livechat_widget.protocol import envelope
from livechat_widget.protocol.pushes import PUSHES, CustomerDisconnected
from tests.protocol.checked import check, check_error, check_exchange, check_push

PENDING = [
    line
    for line in (Path(__file__).parent / "pending.txt").read_text().splitlines()
    if not line.startswith("#")
]
NEEDED = [f"{table}/{name}" for table, names in members().items() for name in names]
THERE = sorted(
    path.relative_to(EXAMPLES).with_suffix("").as_posix() for path in EXAMPLES.rglob("*.json")
)


def those_of(table: str) -> list[str]:
    return [one.split("/")[1] for one in THERE if one.startswith(f"{table}/")]


@pytest.mark.parametrize("name", [one for one in NEEDED if one not in PENDING])
def test_it_has_an_example(name: str) -> None:
    assert (EXAMPLES / f"{name}.json").exists(), f"write tests/protocol/examples/{name}.json"


def test_what_is_pending_has_none() -> None:
    assert [name for name in PENDING if name in THERE] == [], "take it out of pending.txt"
    assert [name for name in PENDING if name not in NEEDED] == [], "there is no such member"


@pytest.mark.parametrize("name", THERE)
def test_an_example_is_of_something(name: str) -> None:
    assert name in NEEDED


@pytest.mark.parametrize("action", list_actions(), ids=lambda action: action.name)
def test_an_action_is_as_its_types_say(action: Any) -> None:
    assert action.example.keys() == {"payload", "answer", "causes", "errors"}
    check(action.example["payload"], action.request)
    check(action.example["answer"], action.answer)
    assert set(action.example["causes"]) <= PUSHES.keys()
    assert set(action.example["errors"]) <= types_of_errors().keys()
    assert action.about, "say in its request's docstring what it is for"


@pytest.mark.parametrize("name", those_of("pushes"))
def test_a_push_is_as_its_type_says(name: str) -> None:
    frame = push_frame(name)
    check(frame, envelope.Push)
    check(frame["payload"], PUSHES[name])
    assert PUSHES[name].__doc__, "say in its docstring when it is sent"


@pytest.mark.parametrize("name", those_of("events"))
def test_an_event_is_as_its_type_says(name: str) -> None:
    assert check(example("events", name), types_of_events()[name])["type"] == name


@pytest.mark.parametrize("name", those_of("errors"))
def test_an_error_is_as_its_type_says(name: str) -> None:
    assert check(example("errors", name), envelope.Error)["type"] == name


@pytest.mark.parametrize("name", those_of("reasons"))
def test_a_reason_is_as_its_type_says(name: str) -> None:
    assert check(example("reasons", name), CustomerDisconnected)["reason"] == name


def test_it_refuses_an_answer_of_another_type() -> None:
    response = {"action": "ping", "type": "response", "success": True, "payload": {"seq": "7"}}
    with pytest.raises(Exception, match=r"Expected `int`, got `str` - at `\$.seq`"):
        check_exchange(None, response)


def test_it_refuses_a_member_that_no_type_has() -> None:
    push = push_frame("incoming_event")
    push["payload"]["event"]["mood"] = "good"
    with pytest.raises(AssertionError, match=r"IncomingEvent has no event\.mood"):
        check_push(push, "3.5")


def test_it_refuses_a_push_that_the_version_has_not() -> None:
    check_push(push_frame("customer_page_updated"), "3.3")
    with pytest.raises(AssertionError, match=r"3\.5 has no push customer_page_updated"):
        check_push(push_frame("customer_page_updated"), "3.5")


def test_it_refuses_a_push_that_settles_what_it_does_not_settle() -> None:
    push = {**push_frame("incoming_event"), "request_id": "r1"}
    check_push(push, "3.3", settles="send_event")
    with pytest.raises(AssertionError):
        check_push(push, "3.3", settles="deactivate_chat")


def test_it_refuses_an_error_that_the_action_does_not_name() -> None:
    check_error("chat_limit_reached", "start_chat")
    with pytest.raises(AssertionError, match="add chat_limit_reached to the errors in .*ping.json"):
        check_error("chat_limit_reached", "ping")
