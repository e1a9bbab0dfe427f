"""The token by a hidden frame: it is handed to a trusted parent and to nobody else."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from livechat_widget.domain import tokens
from tests.cast import Cast


def frame(
    client: Client, cast: Cast, path: str = "/livechat/customer", **query: Any
) -> HttpResponse:
    terms = {
        "license_id": cast.organization.license_id,
        "flow": "button",
        "response_type": "token",
        "client_id": "c1",
        "post_message_uri": "http://testserver/page?x=1",
        "state": "@livechat/customer-auth",
        **query,
    }
    return client.get(path, terms)


def message(response: HttpResponse) -> dict[str, Any]:
    found = re.search('data-message="([^"]*)"', response.content.decode())
    assert found
    return json.loads(unescape(found[1]))


def test_it_works(client: Client, cast: Cast) -> None:
    response = frame(client, cast)
    given = message(response)
    assert given["state"] == "@livechat/customer-auth"
    assert given["token_type"] == "Bearer"
    assert str(tokens.read(given["access_token"]).pk) == given["entity_id"]
    assert 'data-target="http://testserver"' in response.content.decode()
    assert message(frame(client, cast))["entity_id"] == given["entity_id"]


def test_it_may_be_framed_by_its_target_alone(client: Client, cast: Cast) -> None:
    cast.organization.trusted_origins = ["https://shop.example"]
    cast.organization.save()
    response = frame(client, cast, post_message_uri="https://shop.example/cart")
    assert "X-Frame-Options" not in response
    assert "frame-ancestors 'self' https://shop.example" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    "uri", ["https://evil.example/", "javascript:alert(1)", "", "//testserver", "null"]
)
def test_it_refuses_an_untrusted_target(client: Client, cast: Cast, uri: str) -> None:
    response = frame(client, cast, post_message_uri=uri)
    assert response.status_code in (400, 403)
    assert b"data-message" not in response.content
    assert not response.cookies


def test_it_escapes_the_state(client: Client, cast: Cast) -> None:
    response = frame(client, cast, state='"><script>alert(1)</script>')
    assert b"<script>alert" not in response.content


def test_it_keeps_an_identity_per_group(client: Client, cast: Cast) -> None:
    path = f"/livechat/licence/g{cast.organization.license_id}_7/customer"
    general = message(frame(client, cast))["entity_id"]
    grouped = message(frame(client, cast, path))["entity_id"]
    assert grouped != general
    assert message(frame(client, cast, path))["entity_id"] == grouped


def test_it_refuses_an_unknown_organization(client: Client, cast: Cast) -> None:
    assert frame(client, cast, license_id=1).status_code == 404
