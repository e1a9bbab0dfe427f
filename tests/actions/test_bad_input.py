"""Bodies that are nearly right: refused with the path to what is wrong, and nothing is written."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from livechat_widget.actions.customer import ACTIONS, POSTS
from livechat_widget.models import Customer
from tests.authorization.matrix import rows, stage
from tests.cast import Cast
from tests.clients import newest_with
from tests.protocol.mutations import is_of_type, mutations
from tests.protocol.stage import fill

# What stands in a member that nobody knows is passed over, unless the JSON ends there.
NO_JSON = {
    "half a character": '{"a": "é'.encode()[:-1],
    "no UTF-8": b'"\xff\xfe"',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "half a surrogate": b'{"a": "\\ud800"}',
    "something after it": b"{} {}",
    "cut off": b'{"a": ',
    "NaN": b'{"a": NaN}',
    "too large for a float": b"1e400",
    "too deep": b'{"a": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
}


def post(client: Client, customer: Customer, action: str, body: bytes) -> HttpResponse:
    return client.generic(
        "POST",
        f"/livechat/v{newest_with(action).name}/customer/action/{action}"
        f"?organization_id={customer.organization.organization_id}",
        body,
        content_type="application/json",
        headers={"Authorization": Cast.token(None, customer)},  # type: ignore[arg-type]
    )


def refusal(response: HttpResponse) -> Any:
    assert response["Content-Type"] == "application/json"
    error = response.json()["error"]
    assert (response.status_code, error["type"]) == (400, "validation"), error
    return error["message"]


@pytest.mark.parametrize("action", ACTIONS)
def test_what_is_nearly_right_is_refused(client: Client, cast: Cast, action: str) -> None:
    customer = cast.customer()
    payload = fill(action, stage(action, cast, customer))
    request = ACTIONS[action].request
    wrong = [text for text in mutations(payload, request) if not is_of_type(text, request)]
    before = rows()
    for text in wrong:
        message = refusal(post(client, customer, action, text.encode()))
        assert message.startswith("payload: "), (text[:200], message)
    assert rows() == before


@pytest.mark.parametrize("kind", NO_JSON)
def test_what_is_no_json_is_refused(client: Client, cast: Cast, kind: str) -> None:
    customer = cast.customer()
    before = rows()
    for action in (*ACTIONS, *POSTS):
        assert "payload" in refusal(post(client, customer, action, NO_JSON[kind]))
    assert rows() == before
