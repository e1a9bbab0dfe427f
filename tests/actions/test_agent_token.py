"""The site's own server gets tokens for whom it likes, by a key that no page may hold."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from livechat_widget.domain import identities, tokens
from livechat_widget.models import Customer
from tests.cast import Cast

URL = "/livechat/v2/customer/token"
LOGOUT = "/livechat/v2/customer/logout"
VERA = {"user_id": "user-7", "name": "Vera", "email": "vera@example.org"}


@pytest.fixture
def key(cast: Cast) -> str:
    return cast.key().secret


def ask(cast: Cast, key: str, url: str = URL, **body: Any) -> HttpResponse:
    headers = {"Authorization": f"Bearer {key}", **body.pop("headers", {})}
    body = {
        "organization_id": str(cast.organization.organization_id),
        "grant_type": "agent_token",
        **body,
    }
    return Client().post(url, body, content_type="application/json", headers=headers)


def test_it_works(cast: Cast, key: str) -> None:
    response = ask(cast, key, customer=VERA)
    vera = tokens.read(response.json()["access_token"])
    assert (vera.external_id, vera.name) == ("user-7", "Vera")
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    again = ask(cast, key, entity_id=str(vera.pk)).json()
    assert again["entity_id"] == str(vera.pk)
    assert again["expires_in"] == 28_800


def test_nobody_in_particular_is_a_new_customer(cast: Cast, key: str) -> None:
    first, second = (ask(cast, key).json()["entity_id"] for _ in range(2))
    assert first != second


def test_a_token_for_a_user_of_the_site_ends_with_the_password(cast: Cast, key: str) -> None:
    known = identities.enter(cast.organization, identities.of_user(cast.ann.user))
    token = ask(cast, key, entity_id=str(known.pk)).json()["access_token"]
    assert tokens.read(token) == known
    cast.ann.user.set_password("another")
    cast.ann.user.save()
    with pytest.raises(Exception, match="access token"):
        tokens.read(token)


@pytest.mark.parametrize("url", [URL, LOGOUT])
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer ä", "Basic {}", "{}"])
def test_it_refuses_who_has_no_key(cast: Cast, key: str, url: str, header: str) -> None:
    headers = {"Authorization": header.format(key)}
    response = ask(cast, key, url, customer=VERA, headers=headers)
    assert response.status_code == 401
    assert not Customer.objects.filter(external_id="user-7").exists()


@pytest.mark.parametrize("url", [URL, LOGOUT])
def test_it_refuses_the_key_of_another_organization(cast: Cast, url: str) -> None:
    response = ask(cast, Cast().key().secret, url, customer=VERA)
    assert (response.status_code, response.json()["error"]["type"]) == (401, "authentication")


def test_a_customers_token_is_no_key(cast: Cast) -> None:
    assert ask(cast, tokens.mint(cast.customer()), customer=VERA).status_code == 401


def test_a_page_may_not_have_the_key(cast: Cast, key: str) -> None:
    response = ask(cast, key, customer=VERA, headers={"Origin": "http://testserver"})
    assert response.status_code == 403
    assert "for servers" in response.json()["error"]["message"]


@pytest.mark.parametrize("url", [URL, LOGOUT])
def test_it_reaches_no_customer_of_another_organization(cast: Cast, key: str, url: str) -> None:
    theirs = Cast().customer()
    for entity_id in (str(theirs.pk), "nonsense"):
        response = ask(cast, key, url, entity_id=entity_id)
        assert (response.status_code, response.json()["error"]["type"]) == (404, "not_found")
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


def test_it_logs_out(cast: Cast, key: str) -> None:
    held = [ask(cast, key, customer=VERA).json()["access_token"] for _ in range(2)]
    assert ask(cast, key, LOGOUT, customer=VERA).json() == {}
    for token in held:
        with pytest.raises(Exception, match="access token"):
            tokens.read(token)
    # The server knows what it does: it may let somebody in again at once.
    assert tokens.read(ask(cast, key, customer=VERA).json()["access_token"])


def test_nobody_in_particular_cannot_be_logged_out(cast: Cast, key: str) -> None:
    assert ask(cast, key, LOGOUT).status_code == 400


def test_the_key_is_shown_in_the_admin_and_not_in_its_list(
    admin_client: Client, cast: Cast
) -> None:
    key = cast.key()
    address = "/admin/livechat_widget/signingkey/"
    assert key.secret in admin_client.get(f"{address}{key.pk}/change/").content.decode()
    assert key.secret not in admin_client.get(address).content.decode()
    response = admin_client.post(f"{address}add/", {"organization": cast.organization.pk})
    assert response.status_code == 302
    secrets = set(cast.organization.signing_keys.values_list("secret", flat=True))
    assert len(secrets) == 2
