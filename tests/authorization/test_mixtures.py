"""Ids that do not belong together, and foreign things that are over: as if they were not there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from livechat_widget.domain import chats, edits, history
from livechat_widget.domain import properties as of_properties
from livechat_widget.models import Chat, Customer, Event, Thread
from tests.authorization.matrix import (
    ROWS,
    absent,
    ask,
    rows,
    stage,
    strangers,
    undone,
    without_ids,
)
from tests.cast import Cast
from tests.protocol.stage import fill

WHO = ("another customer", "another organization")


def thread_namers() -> list[str]:
    return [action for action in ROWS if "thread_id" in fill(action, {})]


def wrong_of(action: str, asker: Customer, foreign: Any, nothing: Any) -> str:
    """What is wrong with how ids are answered that are somebody's, beside ids that are nobody's."""
    before = rows()
    of_foreign, of_nothing = ask(action, asker, foreign), ask(action, asker, nothing)
    if rows() != before:
        return f"{action} did something"
    if not isinstance(of_nothing, dict) or not str(of_nothing.get("type")).endswith("not_found"):
        return f"{action} answers what is absent with {of_nothing}"
    if without_ids(of_foreign) != without_ids(of_nothing):
        return f"{action} answers {of_foreign} for another's and {of_nothing} for nobody's"
    return ""


def put_in(real: dict[str, str], own: dict[str, str]) -> dict[str, str]:
    return {shown: own.get(one, one) for shown, one in real.items()}


def mixtures(action: str, real: dict[str, str], theirs: Chat, own: Chat) -> Iterator[Any]:
    """The asker's own chat with a foreign thread; that and the own thread with a foreign event."""
    swaps = [{theirs.pk: own.pk}]
    if "event_id" in fill(action, {}):
        swaps.append({theirs.pk: own.pk, str(theirs.last_thread_id): str(own.last_thread_id)})
    for swap in swaps:
        gone = {shown: swap.get(real[shown], one) for shown, one in absent(real).items()}
        yield put_in(real, swap), gone


def mixed(cast: Cast) -> list[str]:
    found = []
    for action in thread_namers():
        for who in WHO:
            with undone():
                customer = cast.customer()
                real = stage(action, cast, customer)
                asker = strangers(cast)[who]
                theirs, own = (Chat.objects.get(customer=one) for one in (customer, asker))
                for foreign, nothing in mixtures(action, real, theirs, own):
                    found.append(wrong_of(action, asker, foreign, nothing))
    return [wrong for wrong in found if wrong]


def test_a_foreign_thread_or_event_in_the_own_chat_is_not_there(cast: Cast) -> None:
    assert {"get_chat", "update_thread_properties", "update_event_properties"} <= {*thread_namers()}
    assert mixed(cast) == []


def any_thread(chat: Chat, thread_id: str) -> Thread:
    return Thread.objects.get(pk=thread_id)


def any_event(chat_id: str, thread_id: str | None, event_id: str, author: Any) -> Event:
    return Event.objects.get(pk=event_id)


POINTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "reading a thread": (history, "_threads", lambda chat: Thread.objects.select_related("group")),
    "properties of a thread": (of_properties, "_find_thread", any_thread),
    "properties of an event": (of_properties, "find", any_event),
    "pressing a button": (edits, "find", any_event),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_thing_that_is_not_looked_for_in_its_chat_is_noticed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    where, name, without = POINTS[point]
    present = getattr(where, name)

    def looked_for(*args: Any) -> Any:
        """Without the question where there is something, and as ever where there is nothing."""
        try:
            return without(*args)
        except (Thread.DoesNotExist, Event.DoesNotExist):
            return present(*args)

    monkeypatch.setattr(where, name, looked_for)
    assert mixed(cast)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("action", [one for one, row in ROWS.items() if row.names != ""])
def test_a_foreign_chat_that_has_ended_is_not_there_either(
    cast: Cast, action: str, who: str
) -> None:
    """Else one could ask whether somebody's chat is over."""
    customer = cast.customer()
    real = stage(action, cast, customer)
    theirs = Chat.objects.filter(customer=customer, last_thread__active=True).first()
    if theirs is not None:
        chats.deactivate(theirs.pk, customer)
    assert wrong_of(action, strangers(cast)[who], real, absent(real)) == ""
