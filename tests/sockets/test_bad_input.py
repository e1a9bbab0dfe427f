"""Payloads made from the types of every action: refused clearly, and nothing is written."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from livechat_widget.actions.customer import ACTIONS
from livechat_widget.actions.customer.login import Login
from livechat_widget.models import Customer
from tests.authorization.matrix import rows_of, stage
from tests.cast import Cast
from tests.clients import Client, newest_with
from tests.protocol.mutations import is_of_type, mutations
from tests.protocol.stage import fill
from tests.protocol.strategies import payloads
from tests.servers import Server
from tests.sockets.conftest import Connect

# LIVECHAT_TEST_EXAMPLES=400 looks longer; the default draws the same ones each time.
EXAMPLES = int(os.environ.get("LIVECHAT_TEST_EXAMPLES", "100"))
# What no client can cause by what it sends.
OURS = {"internal", "service_unavailable"}
NOWHERE = {"validation", "not_found", "greeting_not_found"}


@pytest.mark.parametrize("action", ACTIONS)
def test_what_is_nearly_right_is_refused(connect: Connect, live_cast: Cast, action: str) -> None:
    customer = live_cast.customer()
    payload = fill(action, stage(action, live_cast, customer))
    request = ACTIONS[action].request
    client, neighbour = (
        connect(customer, version=newest_with(action).name),
        connect(live_cast.customer()),
    )
    client.sends_anything = True
    before = rows_of(customer)
    texts = list(mutations(payload, request))
    wrong = [text for text in texts if not is_of_type(text, request)]
    assert len(wrong) >= 8
    for text in wrong:
        error = refusal(client, action, text)
        assert error["type"] == "validation", (text[:200], error)
        assert error["message"].startswith("payload"), error
    assert rows_of(customer) == before
    for text in set(texts) - set(wrong):
        answer = raw(client, action, text)
        assert answer["success"] or answer["payload"]["error"]["type"] not in OURS, text[:200]
    assert client.ask("ping")["success"]
    assert neighbour.pushes() == []


def test_a_login_that_is_nearly_right_is_refused(server: Server, live_cast: Cast) -> None:
    customer = live_cast.customer()
    payload = {"token": live_cast.token(customer), "customer": {"name": "Vera"}, "group_id": 0}
    url = f"{server.socket_url}/livechat/v3.7/customer/rtm/ws"
    query = f"organization_id={live_cast.organization.organization_id}"
    before = rows_of(customer)
    with Client(f"{url}?{query}") as client:
        for text in mutations(payload, Login):
            if not is_of_type(text, Login):
                assert refusal(client, "login", text)["type"] == "validation", text[:200]
        assert rows_of(customer) == before
        assert client.ask_ok("login", payload)


@pytest.mark.parametrize("action", ACTIONS)
def test_whatever_the_types_allow_is_answered(
    connect: Connect, live_cast: Cast, action: str
) -> None:
    customer = live_cast.customer()
    real = stage(action, live_cast, customer)
    client = connect(customer, version=newest_with(action).name)
    client.sends_anything = True

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(payloads(ACTIONS[action].request, real))
    def look(payload: Any) -> None:
        answer = raw(client, action, json.dumps(payload))
        assert answer["success"] or answer["payload"]["error"]["type"] not in OURS, answer

    look()
    assert client.ask("ping")["success"]


def ids_of(customer: Customer, own: str) -> Iterator[Any]:
    yield from ["", " ", "0", "-1", "1e3", "NaN", "null", "٣", "../..", "%00", "x" * 200]
    yield from [own.swapcase(), own.upper() + " ", f" {own}", own + "\n", own[:-1], own * 2]
    yield from [f"{{{own}}}", f"urn:uuid:{own}", own.replace("-", ""), own[:2] + "_" + own[2:]]
    yield from [f"{own}' OR '1'='1", f'{own}"; DROP TABLE chat; --', f"{own})(uid=*", "*"]
    yield from ["__proto__", "constructor", str(customer.pk), str(2**64), "00000000-0000-0000-0000"]


@pytest.mark.parametrize("member", ["id", "chat_id", "thread_id", "event_id", "unique_id"])
def test_ids_of_any_shape_are_not_there(connect: Connect, live_cast: Cast, member: str) -> None:
    own_names = {"request_welcome_message"}  # there the id is the asker's own
    for action in (name for name in ACTIONS if member in fill(name, {}) and name not in own_names):
        customer = live_cast.customer()
        payload = fill(action, stage(action, live_cast, customer))
        client = connect(customer, version=newest_with(action).name)
        client.sends_anything = True
        before = rows_of(customer)
        for other in set(ids_of(customer, payload[member])) - {payload[member]}:
            error = refusal(client, action, json.dumps({**payload, member: other}))
            assert error["type"] in NOWHERE, (action, other, error)
        assert rows_of(customer) == before


def raw(client: Client, action: str, payload: str) -> Any:
    """The answer to a payload that is given as text."""
    request_id = f"raw{len(client.frames)}"
    client.socket.send(
        f'{{"action": "{action}", "request_id": "{request_id}", "payload": {payload}}}'
    )
    return client.wait(lambda frame: frame.get("request_id") == request_id and "success" in frame)


def refusal(client: Client, action: str, payload: str) -> Any:
    answer = raw(client, action, payload)
    assert answer["success"] is False, (payload[:200], answer)
    return answer["payload"]["error"]
