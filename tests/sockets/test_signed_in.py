"""Sockets of users end with what they were signed in by, in whatever process that happens."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client as Browser

from livechat_widget.domain import identities
from livechat_widget.models import Customer
from tests.cast import Cast
from tests.sockets.conftest import Connect
from tests.sockets.ends import end_of, in_time


@pytest.fixture
def known(live_cast: Cast) -> Customer:
    name = f"vera-{live_cast.organization.license_id}"
    user = get_user_model().objects.create_user(name, password="secret")
    return identities.enter(live_cast.organization, identities.of_user(user))


def sign_out(user: Any) -> None:
    browser = Browser()
    browser.force_login(user)
    browser.logout()


def change_password(user: Any) -> None:
    user.set_password("another")
    user.save()


def deactivate(user: Any) -> None:
    get_user_model().objects.filter(pk=user.pk).update(is_active=False)


def delete(user: Any) -> None:
    user.delete()


@pytest.mark.parametrize("act", [sign_out, change_password, deactivate, delete])
def test_it_ends_within_five_seconds(
    connect: Connect, live_cast: Cast, known: Customer, act: Callable[[Any], None]
) -> None:
    client, bystander = connect(known), connect(live_cast.customer())
    act(known.user)
    with in_time():
        payload, code = end_of(client)
    assert (payload["reason"], code) == ("logged_out_remotely", 4410)
    assert bystander.ask("ping")["success"]


def test_it_stays_while_the_user_does(connect: Connect, live_cast: Cast, known: Customer) -> None:
    client, other = connect(known), Cast()
    leaver = identities.enter(
        live_cast.organization, identities.of_user(other.ann.user), live_cast.customer()
    )
    gone = connect(leaver)
    change_password(other.ann.user)
    end_of(gone)  # by then everybody was looked at
    assert client.ask("ping")["success"]
