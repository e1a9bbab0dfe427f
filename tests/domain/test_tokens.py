"""Tokens: what they stand for, and what ends them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model, user_logged_out
from django.db import DatabaseError
from django.test import Client, RequestFactory, override_settings

from livechat_widget.domain import identities, tokens
from livechat_widget.errors import Unauthenticated
from livechat_widget.models import Customer
from tests.cast import Cast

ROTATED = {"SECRET_KEY": "a new one", "SECRET_KEY_FALLBACKS": [settings.SECRET_KEY]}
DROPPED = {"SECRET_KEY": "a new one", "SECRET_KEY_FALLBACKS": []}


@pytest.fixture
def user(db: None) -> Any:
    return get_user_model().objects.create_user("vera", password="secret")


@pytest.fixture
def known(cast: Cast, user: Any) -> Customer:
    return identities.enter(cast.organization, identities.of_user(user))


def change_password(user: Any) -> None:
    user.set_password("another")
    user.save()


def change_in_bulk(user: Any) -> None:
    """No signal tells of this."""
    get_user_model().objects.filter(pk=user.pk).update(password="another")


def deactivate(user: Any) -> None:
    get_user_model().objects.filter(pk=user.pk).update(is_active=False)


def delete(user: Any) -> None:
    user.delete()


def sign_out(user: Any) -> None:
    client = Client()
    client.force_login(user)
    client.logout()


@pytest.mark.parametrize("act", [change_password, change_in_bulk, deactivate, delete, sign_out])
def test_what_ends_a_session_ends_the_users_tokens(
    known: Customer, user: Any, act: Callable[[Any], None]
) -> None:
    token = tokens.mint(known)
    assert tokens.read(token) == known
    act(user)
    with pytest.raises(Unauthenticated):
        tokens.read(token)


def test_another_user_signs_out_alone(known: Customer) -> None:
    token = tokens.mint(known)
    sign_out(get_user_model().objects.create_user("bob"))
    assert tokens.read(token) == known


def test_the_sites_logout_does_not_fail_with_ours(
    known: Customer, user: Any, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def fail(_: Any) -> None:
        raise DatabaseError("no connection")

    monkeypatch.setattr(tokens, "log_out", fail)
    client.force_login(user)
    client.logout()
    assert "could not be logged out" in caplog.text


def test_nobody_signs_out(rf: RequestFactory) -> None:
    user_logged_out.send(sender=None, request=rf.get("/"), user=None)


def test_a_token_without_a_user_is_not_good_for_one(cast: Cast, user: Any) -> None:
    customer = cast.customer()
    token = tokens.mint(customer)
    Customer.objects.filter(pk=customer.pk).update(user=user)
    with pytest.raises(Unauthenticated):
        tokens.read(token)


def test_nobody_is_logged_out_when_the_secret_key_changes(cast: Cast, known: Customer) -> None:
    customer = cast.customer()
    held = [tokens.mint(customer), tokens.mint(known)]
    cookie = tokens.seal_identity(customer)
    with override_settings(**ROTATED):
        assert [tokens.read(one) for one in held] == [customer, known]
        assert tokens.open_identity(cookie, cast.organization) == customer
        assert tokens.read(tokens.mint(known)) == known
    with override_settings(**DROPPED):
        for one in held:
            with pytest.raises(Unauthenticated):
                tokens.read(one)
        assert tokens.open_identity(cookie, cast.organization) is None
