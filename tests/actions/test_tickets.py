"""Tickets over HTTP: what published clients send, and how they are answered."""

import json
from typing import Any

import pytest
from django.core import mail as outbox
from django.http import HttpResponse
from django.test import Client, override_settings

from livechat_widget.domain import jobs
from livechat_widget.models import Ticket
from tests.cast import Cast

URL = "/livechat/v2/tickets/new"
SITE = "http://testserver"


def post(client: Client, body: Any, **headers: str) -> HttpResponse:
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    options = {"Origin": SITE, **headers}
    return client.post(URL, data, content_type="application/json", headers=options)


def ticket(cast: Cast, **members: Any) -> dict[str, Any]:
    return {
        "licence_id": cast.organization.license_id,
        "ticket_message": "What? A cup",
        "offline_message": "Name Vera\nWhat? A cup",
        "visitor_id": "",
        "requester": {"name": "Vera", "mail": "vera@example.org"},
        **members,
    }


def test_it_works(client: Client, cast: Cast) -> None:
    cast.general.email = "desk@shop.example"
    cast.general.save()
    vera = cast.customer()
    body = ticket(
        cast,
        visitor_id=str(vera.pk),
        group=0,
        source={"url": "https://shop.example/cup"},
        timezone="Europe/Paris",
        subject="Broken",
    )
    response = post(client, body)
    made = Ticket.objects.get()
    assert (response.status_code, response.json()) == (201, {"id": made.pk})
    assert response["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Credentials" not in response
    assert (made.customer, made.message) == (vera, "Name Vera\nWhat? A cup")
    assert (made.source_url, made.time_zone) == ("https://shop.example/cup", "Europe/Paris")
    jobs.run_due("me")
    [sent] = outbox.outbox
    assert (sent.to, sent.reply_to) == (["desk@shop.example"], ["Vera <vera@example.org>"])


def test_it_takes_the_least_that_clients_send(client: Client, cast: Cast) -> None:
    body = {"licence_id": cast.organization.license_id, "requester": {"mail": "v@example.org"}}
    assert post(client, {**body, "ticket_message": "Hi"}).status_code == 201
    assert Ticket.objects.get().message == "Hi"


def test_a_browser_may_ask_beforehand(client: Client) -> None:
    response = client.options(URL, headers={"Origin": "https://shop.example"})
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "content-type" in response["Access-Control-Allow-Headers"]
    assert "POST" in response["Access-Control-Allow-Methods"]


def test_it_says_the_same_whoever_the_visitor_is(client: Client, cast: Cast) -> None:
    stranger = Cast().customer()
    for visitor in (str(stranger.pk), "nonsense"):
        response = post(client, ticket(cast, visitor_id=visitor))
        assert (response.status_code, list(response.json())) == (201, ["id"])
    assert set(Ticket.objects.values_list("customer", flat=True)) == {None}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"requester": {"name": "Vera"}}, "mail"),
        ({"requester": {"mail": "vera"}}, "requester.mail"),
        ({"requester": {"mail": "v@example.org\nBcc: all@example.org"}}, "requester.mail"),
        ({"ticket_message": "", "offline_message": ""}, "message"),
        ({"timezone": "Mars"}, "timezone"),
        ({"subject": "a\x00b"}, "$.subject"),
        ({"source": {"url": "x" * 2001}}, "$.source.url"),
        ({"licence_id": "x"}, "$.licence_id"),
    ],
)
def test_it_refuses_in_the_way_that_clients_read(
    client: Client, cast: Cast, wrong: dict[str, Any], said: str
) -> None:
    response = post(client, ticket(cast, **wrong))
    assert response.status_code == 400
    [error] = response.json()["errors"]
    [message] = error["incorrect requester structure"]
    assert said in message
    assert response.json()["error"] == {"type": "validation", "message": message}
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", b"\xff", "null"])
def test_it_refuses_what_is_no_ticket(client: Client, cast: Cast, body: Any) -> None:
    response = post(client, body)
    assert response.status_code == 400
    assert response.json()["error"]["type"] == "validation"


def test_it_refuses_another_method(client: Client) -> None:
    assert client.get(URL).status_code == 405


def test_it_refuses_an_origin_that_is_not_trusted(client: Client, cast: Cast) -> None:
    response = post(client, ticket(cast), Origin="https://evil.example")
    assert response.status_code == 403
    [error] = response.json()["errors"]
    assert "not trusted" in error["authorization"][0]
    assert not Ticket.objects.exists()
    cast.organization.trusted_origins = ["https://shop.example"]
    cast.organization.save()
    assert post(client, ticket(cast), Origin="https://shop.example").status_code == 201


def test_it_refuses_an_unknown_organization_and_group(client: Client, cast: Cast) -> None:
    response = post(client, ticket(cast, licence_id=1))
    assert (response.status_code, response.json()["error"]["type"]) == (404, "license_not_found")
    response = post(client, ticket(cast, group=9))
    assert (response.status_code, response.json()["error"]["type"]) == (404, "group_not_found")


def test_it_reads_no_more_than_the_limit(client: Client, cast: Cast) -> None:
    response = post(client, ticket(cast, subject="x" * 70_000))
    assert response.status_code == 413
    assert response.json()["error"]["type"] == "entity_too_large"
    assert response["Access-Control-Allow-Origin"] == SITE


@override_settings(LIVECHAT={"TICKETS_PER_HOUR": 1})
def test_it_refuses_too_many_from_one_address(client: Client, cast: Cast) -> None:
    assert post(client, ticket(cast)).status_code == 201
    response = post(client, ticket(cast))
    assert response.status_code == 429
    [error] = response.json()["errors"]
    assert error["too_many_requests"][0].startswith("At most 1 tickets an hour")
    assert Ticket.objects.count() == 1
