"""The widget knows who is signed in to the site, on pages of the site alone."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client

from livechat_widget.domain import bans, chats, tokens
from livechat_widget.models import Customer, Organization
from tests.cast import Cast

WIDGET = "/livechat/widget/"
SAME_SITE = {"Sec-Fetch-Site": "same-site"}


@pytest.fixture
def site(cast: Cast) -> Cast:
    Organization.objects.exclude(pk=cast.organization.pk).delete()
    return cast


@pytest.fixture
def user(db: None) -> Any:
    return get_user_model().objects.create_user("vera", "vera@example.org", first_name="Vera")


def held_by(response: HttpResponse) -> tuple[Customer, str]:
    """Whom the page is for, and its token."""
    found = re.search('data-token="([^"]+)"', response.content.decode())
    assert found
    return tokens.read(found[1]), found[1]


def look(client: Client, **headers: str) -> Customer:
    return held_by(client.get(WIDGET, headers=headers or SAME_SITE))[0]


def test_it_works(client: Client, site: Cast, user: Any) -> None:
    client.force_login(user)
    vera = look(client)
    assert (vera.user, vera.name, vera.email) == (user, "Vera", "vera@example.org")
    assert look(client) == vera
    elsewhere = Client()
    elsewhere.force_login(user)
    assert look(elsewhere) == vera


@pytest.mark.parametrize("where", ["same-origin", "same-site", "none"])
def test_it_looks_on_pages_of_the_site(client: Client, site: Cast, user: Any, where: str) -> None:
    client.force_login(user)
    assert look(client, **{"Sec-Fetch-Site": where}).user == user


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Referer": "http://testserver/"},
        {"Sec-Fetch-Site": "nonsense"},
        {"Referer": "https://shop.example/"},
        {"Referer": "http://testserver.evil.example/"},
        {"Accept": "text/html"},
    ],
)
def test_it_does_not_look_on_pages_of_others(
    client: Client, site: Cast, user: Any, headers: dict[str, str]
) -> None:
    client.force_login(user)
    assert look(client, **headers).user is None


def test_browsers_without_those_headers_say_where_they_come_from(
    client: Client, site: Cast, user: Any
) -> None:
    client.force_login(user)
    assert look(client, Referer="http://testserver/page").user == user


def test_the_token_endpoint_never_looks(client: Client, site: Cast, user: Any) -> None:
    client.force_login(user)
    body = {"license_id": site.organization.license_id}
    headers = {"Origin": "http://testserver", **SAME_SITE}
    answer = client.post(
        "/livechat/customer/token", body, content_type="application/json", headers=headers
    ).json()
    assert tokens.read(answer["access_token"]).user is None


def test_a_site_without_users_has_visitors(client: Client, site: Cast, settings: Any) -> None:
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "auth" not in one]
    assert not look(client).known


def test_the_chat_goes_on_after_signing_in(client: Client, site: Cast, user: Any) -> None:
    anonymous = look(client)
    chat = site.chat(anonymous)
    client.force_login(user)
    vera = look(client)
    assert vera == anonymous
    assert chats.id_of(vera) == chat.pk


def test_who_signs_out_leaves_a_stranger_behind(client: Client, site: Cast, user: Any) -> None:
    before = look(client)
    site.chat(before)
    client.force_login(user)
    vera, token = held_by(client.get(WIDGET, headers=SAME_SITE))
    assert vera == before
    client.logout()
    assert client.post(f"{WIDGET}close", headers={"Authorization": token}).status_code == 401
    assert client.get(f"{WIDGET}news", headers={"Authorization": token}).status_code == 401
    stranger = look(client)
    assert stranger != vera
    # And the next one to sign in takes nothing over from the first.
    bob = get_user_model().objects.create_user("bob")
    client.force_login(bob)
    assert look(client) != vera


def test_the_page_does_not_show_what_the_stranger_may_not_see(
    client: Client, site: Cast, user: Any
) -> None:
    client.force_login(user)
    site.chat(look(client), "Between us")
    assert b"Between us" in client.get(WIDGET, headers=SAME_SITE).content
    client.logout()
    assert b"Between us" not in client.get(WIDGET, headers=SAME_SITE).content


def test_an_agent_who_chats_is_a_customer(client: Client, site: Cast) -> None:
    client.force_login(site.ann.user)
    customer, token = held_by(client.get(WIDGET, headers=SAME_SITE))
    assert customer.user == site.ann.user
    theirs = site.chat()
    answer = client.post(
        f"/livechat/v3.5/customer/action/get_chat?license_id={site.organization.license_id}",
        {"chat_id": theirs.pk},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 404


def test_a_ban_follows_the_user(client: Client, site: Cast, user: Any) -> None:
    client.force_login(user)
    bans.ban(look(client), 1)
    elsewhere = Client()
    elsewhere.force_login(user)
    assert elsewhere.get(WIDGET, headers=SAME_SITE).status_code == 403
