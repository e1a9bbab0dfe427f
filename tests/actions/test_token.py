"""The token over HTTP: who gets one, and how the browser stays the same customer."""

import json
from typing import Any

import pytest
from django.core import signing
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, override_settings

from livechat_widget.domain import addresses, bans, customers, tokens, visitors
from livechat_widget.errors import Unauthenticated
from livechat_widget.models import Customer
from tests.cast import Cast

URL = "/livechat/customer/token"
SITE = "http://testserver"


def ask(client: Client, cast: Cast, **options: Any) -> HttpResponse:
    body = {
        "response_type": "token",
        "grant_type": "cookie",
        "client_id": "c1",
        "license_id": cast.organization.license_id,
        "redirect_uri": f"{SITE}/",
        **options.pop("body", {}),
    }
    options = {"headers": {"Origin": SITE}, **options}
    # Published clients send JSON as text, so that no preflight is needed.
    return client.post(URL, json.dumps(body), content_type="text/plain;charset=UTF-8", **options)


def test_it_works(client: Client, cast: Cast) -> None:
    response = ask(client, cast)
    body = response.json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 28_800
    assert body["client_id"] == "c1"
    assert body["organization_id"] == str(cast.organization.organization_id)
    assert tokens.read(body["access_token"]) == Customer.objects.get(pk=body["entity_id"])
    assert response["Access-Control-Allow-Origin"] == SITE
    assert response["Access-Control-Allow-Credentials"] == "true"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("url", [URL, "/livechat/v2/customer/token"])
def test_it_takes_either_id(client: Client, cast: Cast, url: str) -> None:
    body = {"organization_id": str(cast.organization.organization_id), "grant_type": "cookie"}
    assert client.post(url, json.dumps(body), content_type="application/json").status_code == 200


def test_it_keeps_the_browser_the_same_customer(client: Client, cast: Cast) -> None:
    first, second = ask(client, cast).json(), ask(client, cast).json()
    assert first["entity_id"] == second["entity_id"]
    assert ask(Client(), cast).json()["entity_id"] != first["entity_id"]


def test_it_sets_a_partitioned_cookie_on_https(client: Client, cast: Cast) -> None:
    response = ask(client, cast, secure=True, headers={"Origin": "https://testserver"})
    header = next(iter(response.cookies.values())).output(header="").strip()
    assert header.startswith("__Host-livechat_")
    parts = {part.strip() for part in header.split(";")[1:]}
    assert parts >= {"Partitioned", "Secure", "HttpOnly", "SameSite=None", "Path=/"}
    assert "Max-Age=63072000" in parts
    assert not any(part.startswith("Domain") for part in parts)


def test_it_sets_a_lax_cookie_on_plain_http(client: Client, cast: Cast) -> None:
    header = next(iter(ask(client, cast).cookies.values())).output(header="")
    assert "SameSite=Lax" in header
    assert "Partitioned" not in header
    assert "Secure" not in header


def test_it_ignores_a_forged_cookie(client: Client, cast: Cast) -> None:
    victim = cast.customer()
    name = tokens.cookie_name(cast.organization, secure=False)
    client.cookies[name] = signing.dumps(str(victim.pk), salt="another")
    assert ask(client, cast).json()["entity_id"] != str(victim.pk)


def test_it_ignores_the_cookie_of_another_organization(client: Client, cast: Cast) -> None:
    stranger = Cast().customer()
    name = tokens.cookie_name(cast.organization, secure=False)
    client.cookies[name] = tokens.seal_identity(stranger)
    assert ask(client, cast).json()["entity_id"] != str(stranger.pk)


def test_it_refuses_an_untrusted_origin_and_says_what_to_do(client: Client, cast: Cast) -> None:
    response = ask(client, cast, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert response.json()["oauth_exception"] == "authorization"
    assert "trusted origins" in response.json()["error"]["message"]
    assert not response.cookies


def test_it_accepts_a_trusted_origin(client: Client, cast: Cast) -> None:
    cast.organization.trusted_origins = ["https://shop.example/"]
    cast.organization.save()
    response = ask(client, cast, headers={"Origin": "https://shop.example"})
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    assert response.json()["access_token"]


@override_settings(LIVECHAT={"TRUSTED_ORIGINS": ["https://shop.example"]})
def test_it_accepts_an_origin_of_the_settings(client: Client, cast: Cast) -> None:
    response = ask(client, cast, headers={"Origin": "https://shop.example"})
    assert response.status_code == 200


def test_it_answers_a_preflight(client: Client, cast: Cast) -> None:
    response = client.options(URL, headers={"Origin": "https://shop.example"})
    assert response.status_code == 204
    assert "authorization" in response["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"license_id": 1}, 404, "license_not_found"),
        ({"license_id": None}, 400, "validation"),
        ({"license_id": "x"}, 400, "validation"),
        ({"grant_type": "agent_token"}, 403, "authorization"),
    ],
)
def test_it_refuses_a_bad_body(
    client: Client, cast: Cast, body: dict[str, Any], status: int, kind: str
) -> None:
    response = ask(client, cast, body=body)
    assert (response.status_code, response.json()["error"]["type"]) == (status, kind)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 10_000])
def test_it_refuses_what_is_no_json(client: Client, cast: Cast, body: bytes) -> None:
    response = client.post(URL, body, content_type="text/plain")
    assert (response.status_code, response.json()["error"]["type"]) == (400, "validation")


def test_it_refuses_get(client: Client, cast: Cast) -> None:
    response = client.get(URL)
    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")


def test_a_token_ends(cast: Cast) -> None:
    token = tokens.mint(cast.customer())
    with (
        override_settings(LIVECHAT={"TOKEN_LIFETIME_SECONDS": -1}),
        pytest.raises(Exception, match="access token"),
    ):
        tokens.read(token)
    assert tokens.read(token)


@pytest.mark.parametrize(
    ("fault", "said"),
    [(OperationalError("away"), "temporarily_unavailable"), (RuntimeError("bug"), "server_error")],
)
def test_a_fault_of_ours_is_told_in_words_on_which_clients_come_back(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: Exception, said: str
) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise fault

    monkeypatch.setattr(visitors, "recognise", fail)
    response = ask(client, cast)
    assert response.json()["oauth_exception"] == said
    assert response["Access-Control-Allow-Origin"] == SITE


def test_it_refuses_who_is_kept_out(client: Client, cast: Cast) -> None:
    customer = Customer.objects.get(pk=ask(client, cast).json()["entity_id"])
    bans.ban(customer, 1)
    response = ask(client, cast)
    assert response.status_code == 403
    assert response.json()["oauth_exception"] == "customer_banned"
    assert ask(Client(), cast).status_code == 200
    bans.lift(customer)
    assert ask(client, cast).json()["entity_id"] == str(customer.pk)


def test_a_ban_keeps_its_address_out_too(client: Client, cast: Cast) -> None:
    here, there = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}
    customer = cast.customer()
    customers.arrive(customer, None, addresses.of_visitor(here["REMOTE_ADDR"]))
    bans.ban(customer, 1)
    assert ask(Client(), cast, **here).json()["error"]["type"] == "customer_banned"
    assert ask(Client(), cast, **there).status_code == 200
    assert ask(Client(), Cast(), **here).status_code == 200


def test_it_refuses_for_a_suspended_organization(client: Client, cast: Cast) -> None:
    cast.organization.suspended = True
    cast.organization.save()
    assert ask(client, cast).json()["oauth_exception"] == "license_expired"


def test_a_browser_that_was_logged_out_is_a_stranger(client: Client, cast: Cast) -> None:
    first = ask(client, cast).json()
    customer = Customer.objects.get(pk=first["entity_id"])
    tokens.revoke(customer)
    with pytest.raises(Unauthenticated):
        tokens.read(first["access_token"])
    assert ask(client, cast).json()["entity_id"] == first["entity_id"]
    tokens.log_out(customer)
    assert ask(client, cast).json()["entity_id"] != first["entity_id"]
