"""Who may stay, asked for many at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from livechat_widget.domain import bans, standing, tokens
from livechat_widget.domain.standing import Seat, is_older
from livechat_widget.errors import ValidationFailed
from livechat_widget.models import Ban
from tests.cast import Cast


def test_it_works(cast: Cast) -> None:
    vera, bob = cast.customer(), cast.customer()
    bans.ban(vera, 1)
    changes = standing.read_changes([cast.organization.pk], None)
    dismissal = changes.judge(Seat(vera, "3.5", ""))
    assert dismissal is not None
    assert dismissal.reason == "customer_banned"
    assert changes.judge(Seat(bob, "3.5", "")) is None


def test_nothing_happened_mostly(cast: Cast) -> None:
    assert not standing.read_changes([cast.organization.pk], None).concern_anybody()


def test_it_costs_the_same_for_many(cast: Cast) -> None:
    for _ in range(5):
        tokens.revoke(cast.customer())
        bans.block(cast.customer(), 60)
    with CaptureQueriesContext(connection) as queries:
        standing.read_changes([cast.organization.pk], None)
    assert len(queries) == 3


def test_an_unknown_address_is_nobodys(cast: Cast) -> None:
    bans.ban(cast.customer(), 1)  # who has never come from anywhere
    changes = standing.read_changes([cast.organization.pk], None)
    assert changes.judge(Seat(cast.customer(), "3.5", "")) is None


def test_the_address_of_a_ban_counts_in_its_organization_alone(cast: Cast) -> None:
    vera, other = cast.customer(), Cast()
    Ban.objects.filter(pk=bans.ban(vera, 1).pk).update(address="a1")
    changes = standing.read_changes([cast.organization.pk, other.organization.pk], None)
    assert changes.judge(Seat(cast.customer(), "3.5", "a1")) is not None
    assert changes.judge(Seat(cast.customer(), "3.5", "a2")) is None
    assert changes.judge(Seat(other.customer(), "3.5", "a1")) is None


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_a_ban_has_a_length(cast: Cast, days: int) -> None:
    with pytest.raises(ValidationFailed):
        bans.ban(cast.customer(), days)
    with pytest.raises(ValidationFailed):
        bans.block(cast.customer(), 0)


@pytest.mark.parametrize(
    ("version", "oldest", "older"),
    [("3.3", "3.5", True), ("3.5", "3.5", False), ("3.10", "3.5", False), ("3.3", "", False)],
)
def test_versions_are_numbers(version: str, oldest: str, older: bool) -> None:
    assert is_older(version, oldest) is older
