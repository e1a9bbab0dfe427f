"""Who is known, and what becomes of the history from before."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from livechat_widget.domain import chats, customers, identities, tokens
from livechat_widget.domain.identities import Identity
from livechat_widget.errors import Unauthenticated
from livechat_widget.models import Customer, StreamEntry
from tests.cast import Cast


@pytest.fixture
def user(db: None) -> Any:
    return get_user_model().objects.create_user(
        "vera", "vera@example.org", "secret", first_name="Vera", last_name="Cruz"
    )


def details(user: Any) -> dict[str, str]:
    return {"name": "Vera Cruz", "email": "vera@example.org", "avatar": "https://x.example/v.png"}


def with_ended_chat(cast: Cast) -> Customer:
    customer = cast.customer()
    chats.deactivate(cast.chat(customer).pk, customer)
    return customer


def with_active_chat(cast: Cast) -> Customer:
    customer = cast.customer()
    cast.chat(customer)
    return customer


def without_chat(cast: Cast) -> Customer:
    return cast.customer()


def test_it_works(cast: Cast, user: Any) -> None:
    vera = identities.enter(cast.organization, identities.of_user(user))
    assert (vera.user, vera.name, vera.email) == (user, "Vera Cruz", "vera@example.org")
    assert identities.enter(cast.organization, identities.of_user(user)) == vera


def test_somebody_who_is_known_already_costs_three_queries(cast: Cast, user: Any) -> None:
    identity = identities.of_user(user)
    identities.enter(cast.organization, identity)
    with CaptureQueriesContext(connection) as queries:
        identities.enter(cast.organization, identity)
    assert len(queries) == 1
    anonymous = cast.customer()
    with CaptureQueriesContext(connection) as queries:
        identities.enter(cast.organization, identity, anonymous)
    assert len(queries) == 3


def test_every_organization_has_its_own(cast: Cast, user: Any) -> None:
    other = Cast()
    for identity in (identities.of_user(user), Identity(external_id="7")):
        mine = identities.enter(cast.organization, identity)
        assert identities.enter(other.organization, identity) != mine


def test_a_user_is_not_taken_for_the_same_number_elsewhere(cast: Cast, user: Any) -> None:
    mine = identities.enter(cast.organization, identities.of_user(user))
    assert identities.enter(cast.organization, Identity(external_id=str(user.pk))) != mine


@pytest.mark.parametrize(
    ("anonymous", "known", "stays"),
    [
        (without_chat, None, "anonymous"),
        (with_active_chat, None, "anonymous"),
        (without_chat, without_chat, "known"),
        (without_chat, with_ended_chat, "known"),
        (with_ended_chat, without_chat, "anonymous"),
        (with_ended_chat, with_ended_chat, "known"),
        (with_active_chat, with_ended_chat, "anonymous"),
        (with_ended_chat, with_active_chat, "known"),
        (with_active_chat, with_active_chat, "known"),
    ],
)
def test_the_history_with_more_weight_becomes_the_users(
    cast: Cast, user: Any, anonymous: Any, known: Any, stays: str
) -> None:
    people = {"anonymous": anonymous(cast), "known": None}
    if known:
        people["known"] = identities.enter(cast.organization, identities.of_user(user), known(cast))
    found = identities.enter(cast.organization, identities.of_user(user), people["anonymous"])
    assert found == people[stays]
    assert list(Customer.objects.filter(user=user)) == [found]
    assert found.name == "Vera Cruz"


def test_who_is_let_go_is_nobodys(cast: Cast, user: Any) -> None:
    identity = identities.of_user(user)
    old = identities.enter(cast.organization, identity)
    token = tokens.mint(old)
    assert tokens.read(token) == old
    identities.enter(cast.organization, identity, with_active_chat(cast))
    with pytest.raises(Unauthenticated):
        tokens.read(token)
    old.refresh_from_db()
    assert (old.user, old.verified, old.name) == (None, {}, "Vera Cruz")


def test_what_the_browser_held_of_the_anonymous_one_is_good_no_longer(
    cast: Cast, user: Any
) -> None:
    """Who uses the browser next has neither its token nor its cookie."""
    anonymous = with_active_chat(cast)
    token, cookie = tokens.mint(anonymous), tokens.seal_identity(anonymous)
    assert tokens.open_identity(cookie, cast.organization) == anonymous
    vera = identities.enter(cast.organization, identities.of_user(user), anonymous)
    with pytest.raises(Unauthenticated):
        tokens.read(token)
    for sealed in (cookie, tokens.seal_identity(vera)):
        assert tokens.open_identity(sealed, cast.organization) is None


def test_an_anonymous_one_cannot_be_taken_twice(cast: Cast, user: Any) -> None:
    anonymous = with_active_chat(cast)
    vera = identities.enter(cast.organization, identities.of_user(user), anonymous)
    with pytest.raises(Unauthenticated):
        identities.enter(cast.organization, Identity(external_id="bob"), anonymous)
    vera.refresh_from_db()
    assert (vera.user, vera.external_id) == (user, "")


def test_details_follow_the_user(cast: Cast, user: Any) -> None:
    vera = identities.enter(cast.organization, identities.of_user(user))
    user.last_name, user.email = "Lake", ""
    user.save()
    assert identities.enter(cast.organization, identities.of_user(user)) == vera
    vera.refresh_from_db()
    assert (vera.name, vera.email) == ("Vera Lake", "")
    entry = StreamEntry.objects.filter(stream=vera.stream).latest("pk")
    assert entry.payload == {"id": str(vera.pk), "name": "Vera Lake", "email": ""}


def test_the_user_name_is_better_than_none(cast: Cast) -> None:
    nameless = get_user_model().objects.create_user("bob")
    assert identities.of_user(nameless).details() == {"name": "bob"}


@override_settings(LIVECHAT={"USER_DETAILS": "tests.domain.test_identities.details"})
def test_the_site_says_what_is_told_of_a_user(cast: Cast, user: Any) -> None:
    vera = identities.enter(cast.organization, identities.of_user(user))
    assert vera.avatar == "https://x.example/v.png"


def test_the_customer_cannot_say_otherwise(cast: Cast, user: Any) -> None:
    user.email = ""
    vera = identities.enter(cast.organization, identities.of_user(user))
    customers.introduce(vera, name="The boss", email="v@example.org", session_fields=[{"a": "b"}])
    vera.refresh_from_db()
    # What the site does not know may be said.
    assert (vera.name, vera.email) == ("Vera Cruz", "v@example.org")
    assert vera.session_fields == [{"a": "b"}]


def test_an_identity_from_before_a_logout_is_refused(cast: Cast) -> None:
    issued_at = 1_000.0
    identity = Identity(external_id="7", issued_at=issued_at)
    vera = identities.enter(cast.organization, identity)
    assert identities.enter(cast.organization, identity) == vera
    tokens.log_out(vera)
    vera.refresh_from_db()
    assert vera.revoked_at is not None
    with pytest.raises(Unauthenticated, match="sign anew"):
        identities.enter(cast.organization, identity)
    again = Identity(external_id="7", issued_at=vera.revoked_at.timestamp() + 1)
    assert identities.enter(cast.organization, again) == vera
