"""Customer by resource by action: theirs is theirs, and of what is not they learn nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.test import Client as HttpClient

from livechat_widget.actions.customer import ACTIONS
from livechat_widget.delivery import log
from livechat_widget.domain import (
    bans,
    batch,
    chats,
    edits,
    events,
    greetings,
    history,
    tokens,
    typing,
)
from livechat_widget.domain import properties as of_properties
from livechat_widget.models import Chat, Customer, Event, Greeting, Stream
from tests.authorization.matrix import (
    ROWS,
    absent,
    ask,
    broken,
    rows,
    stage,
    strangers,
    undone,
    without_ids,
)
from tests.cast import Cast
from tests.clients import Client, customer_client, newest_with
from tests.protocol.stage import fill
from tests.servers import Server


def test_every_action_has_a_row() -> None:
    """Whoever adds an action says whose things it names, and what it does in a chat that ended."""
    assert set(ROWS) == set(ACTIONS)


@pytest.mark.parametrize("action", ROWS)
def test_to_its_owner_it_is_done(cast: Cast, action: str) -> None:
    customer = cast.customer()
    answer = ask(action, customer, stage(action, cast, customer))
    assert not isinstance(answer, dict) or "type" not in answer, answer


@pytest.mark.parametrize("action", [name for name, row in ROWS.items() if row.names == "chat"])
def test_in_a_chat_that_has_ended(cast: Cast, action: str) -> None:
    customer = cast.customer()
    real = stage(action, cast, customer)
    if action != "resume_chat":  # its stage is such a chat
        chats.deactivate(Chat.objects.get(customer=customer).pk, customer)
    before = rows()
    answer = ask(action, customer, real)
    refused = answer["type"] if isinstance(answer, dict) and "type" in answer else ""
    assert refused == ROWS[action].ended
    assert not refused or rows() == before


def test_nobody_reaches_what_is_not_theirs(cast: Cast) -> None:
    assert broken(cast) == []


def any_stream(chat_id: str, author: Any) -> Stream:
    try:
        return log.lock(customer__chat=chat_id)
    except Stream.DoesNotExist as error:
        raise events.NotFound("There is no such chat, or it is not yours.") from error


def any_greeting(customer: Customer, **terms: Any) -> Greeting:
    found = Greeting.objects.filter(**terms).first()
    if found is None:
        raise greetings.GreetingNotFound
    return found


def any_event(chat_id: str, thread_id: str | None, event_id: str, author: Any) -> Event:
    found = Event.objects.filter(pk=event_id, thread=thread_id).first()
    if found is None:
        raise events.NotFound("There is no such event in this thread.")
    return found


# Each place that asks whether somebody may, and what it would be without the question.
POINTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "pressing a button": (edits, "lock_chat", any_stream),
    "properties of a chat": (of_properties, "lock_chat", any_stream),
    "resuming and ending": (events, "lock_chat", any_stream),
    "reading": (
        history,
        "_chats",
        lambda customer: Chat.objects.select_related("customer", "last_thread__group"),
    ),
    "sneak peeks": (
        typing,
        "_find",
        lambda own, chat_id, find=typing._find: find(Chat.objects.all(), chat_id),
    ),
    "sending and seen marks": (batch._Batch, "_is_known", lambda self, command: True),
    "greetings": (greetings, "_find", any_greeting),
    "events for agents, pressed": (edits, "find", any_event),
    "events for agents, properties": (of_properties, "find", any_event),
    "properties of the system's": (of_properties, "check_access", lambda *args, **own: None),
    "events of others": (of_properties, "_is_own", lambda row, author: True),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_question_that_is_not_asked_is_noticed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    where, name, without = POINTS[point]
    monkeypatch.setattr(where, name, without)
    assert broken(cast)


TOKENS: dict[str, Callable[[Cast, Customer], str]] = {
    "none": lambda cast, customer: "",
    "no token": lambda cast, customer: "Bearer hello",
    "another key": lambda cast, customer: (
        "Bearer "
        + signing.dumps(
            [str(customer.pk), customer.organization_id], key="other", salt=tokens._TOKEN_SALT
        )
    ),
    "another purpose": lambda cast, customer: f"Bearer {tokens.seal_identity(customer)}",
    "cut off": lambda cast, customer: cast.token(customer)[:-1],
    "another organization": lambda cast, customer: cast.token(Cast().customer()),
    "somebody who is gone": lambda cast, customer: _token_of_the_gone(cast),
}


def _token_of_the_gone(cast: Cast) -> str:
    gone = cast.customer()
    token = cast.token(gone)
    gone.delete()
    return token


@pytest.mark.parametrize("kind", TOKENS)
def test_without_a_token_of_this_organization(cast: Cast, client: HttpClient, kind: str) -> None:
    customer = cast.customer()
    real = stage("send_event", cast, customer)
    token = TOKENS[kind](cast, customer)
    check_refused(cast, client, real, token, (401, "authentication"))


def test_who_is_banned_may_do_nothing(cast: Cast, client: HttpClient) -> None:
    customer = cast.customer()
    real = stage("send_event", cast, customer)
    token = cast.token(customer)
    bans.ban(customer, 1, cast.ann)
    check_refused(cast, client, real, token, (403, "customer_banned"))


def check_refused(
    cast: Cast, client: HttpClient, real: dict[str, str], token: str, refusal: tuple[int, str]
) -> None:
    """Every action, and nothing is written."""
    before = rows()
    for action in ROWS:
        response = client.post(
            f"/livechat/v{newest_with(action).name}/customer/action/{action}"
            f"?organization_id={cast.organization.organization_id}",
            fill(action, real),
            content_type="application/json",
            headers={"Authorization": token},
        )
        assert (response.status_code, response.json()["error"]["type"]) == refusal
    assert rows() == before


def test_a_socket_that_is_not_logged_in(server: Server, live_cast: Cast) -> None:
    url = f"{server.socket_url}/livechat/v3.5/customer/rtm/ws"
    query = f"organization_id={live_cast.organization.organization_id}"
    customer = live_cast.customer()
    with Client(f"{url}?{query}") as stranger:
        for action in ROWS:
            with undone():  # the ids need not be there for this
                payload = fill(action, stage(action, live_cast, customer))
            assert stranger.error(action, payload)["type"] == "authentication"
        assert stranger.names() == []


@pytest.mark.parametrize("action", [name for name, row in ROWS.items() if row.names])
def test_over_a_socket_a_foreign_thing_is_as_an_absent_one(
    server: Server, live_cast: Cast, action: str
) -> None:
    customer = live_cast.customer()
    real = stage(action, live_cast, customer)
    with customer_client(server, live_cast, customer) as owner:
        for who, stranger in strangers(live_cast).items():
            cast = live_cast if who == "another customer" else _home_of(stranger)
            before = owner.pushes()
            with customer_client(server, cast, stranger) as client:
                foreign = client.error(action, fill(action, real))
                nothing = client.error(action, fill(action, absent(real)))
            assert without_ids(foreign) == without_ids(nothing)
            assert foreign["type"] in ("not_found", "greeting_not_found")
            assert owner.pushes() == before


def _home_of(customer: Customer) -> Cast:
    cast = Cast()
    cast.organization = customer.organization
    return cast
