"""The same over HTTP: what another's thing is answered with is what nobody's is answered with."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as HttpClient

from livechat_widget.actions.customer import POSTS, READS
from livechat_widget.models import Customer
from tests.authorization.matrix import ROWS, absent, rows, stage, strangers, without_ids
from tests.cast import Cast
from tests.clients import newest_with
from tests.protocol.stage import fill

# They are about nobody: what they take is not kept, or is what everybody may read.
OF_NOBODY = {
    "check_goals",
    "get_configuration",
    "get_dynamic_configuration",
    "get_localization",
    "list_group_properties",
    "list_license_properties",
}


def post(client: HttpClient, customer: Customer, action: str, payload: Any) -> HttpResponse:
    return client.post(
        f"/livechat/v{newest_with(action).name}/customer/action/{action}"
        f"?organization_id={customer.organization.organization_id}",
        payload,
        content_type="application/json",
        headers={"Authorization": Cast.token(None, customer)},  # type: ignore[arg-type]
    )


def test_what_is_here_alone_is_about_nobody() -> None:
    assert {*POSTS, *READS} == OF_NOBODY


@pytest.mark.parametrize("action", [one for one, row in ROWS.items() if row.names])
def test_a_foreign_thing_is_as_an_absent_one(cast: Cast, client: HttpClient, action: str) -> None:
    real = stage(action, cast, cast.customer())
    for stranger in strangers(cast).values():
        before = rows()
        foreign, nothing = (
            post(client, stranger, action, fill(action, ids)) for ids in (real, absent(real))
        )
        assert rows() == before
        assert foreign.status_code == nothing.status_code == 404
        assert dict(foreign.headers) == dict(nothing.headers)
        assert without_ids(foreign.json()) == without_ids(nothing.json())


def test_goals_need_a_token(cast: Cast, client: HttpClient) -> None:
    payload = {"session_fields": [], "group_id": 0, "page_url": "https://a.example/"}
    customer = cast.customer()
    assert post(client, customer, "check_goals", payload).status_code == 200
    response = client.post(
        "/livechat/v3.5/customer/action/check_goals"
        f"?organization_id={customer.organization.organization_id}",
        payload,
        content_type="application/json",
    )
    assert (response.status_code, response.json()["error"]["type"]) == (401, "authentication")
