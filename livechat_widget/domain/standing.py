"""Whether customers who are logged in may stay: asked for all of a process together.

Only what changed lately is read, so it costs the same for ten sockets and for ten thousand.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.timezone import now

from ..models import Ban, Customer, Organization
from ..protocol.pushes import Reason
from . import bans, users
from .users import SignedIn

# Clocks of processes differ, and transactions take a moment.
_OVERLAP = timedelta(seconds=60)


@dataclass(frozen=True)
class Dismissal:
    """Why somebody has to leave, as ``customer_disconnected`` says it."""

    reason: Reason
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Seat:
    """A customer on a socket, as it was when it logged in."""

    customer: Customer
    version: str
    address: str
    signed_in: SignedIn | None = None


@dataclass(frozen=True)
class Changes:
    """What happened lately, and how the organizations are now."""

    read_at: datetime
    suspended: frozenset[int]
    oldest_versions: dict[int, str]
    revoked: dict[UUID, tuple[int, int]]
    banned: dict[UUID, Ban]
    banned_addresses: dict[tuple[int, str], Ban]
    ended: frozenset[SignedIn]

    def concern_anybody(self) -> bool:
        """Mostly nothing has happened, and nobody need be judged."""
        return any((self.suspended, self.oldest_versions, self.revoked, self.banned, self.ended))

    def judge(self, seat: Seat) -> Dismissal | None:
        """None for who may stay."""
        customer = seat.customer
        if customer.organization_id in self.suspended:
            return Dismissal("license_expired")
        if is_older(seat.version, self.oldest_versions.get(customer.organization_id, "")):
            return Dismissal("product_version_changed")
        address = (customer.organization_id, seat.address)
        if found := self.banned.get(customer.pk) or self.banned_addresses.get(address):
            return _kept_out(found)
        if seat.signed_in in self.ended:
            return Dismissal("logged_out_remotely")
        tokens, identities = self.revoked.get(customer.pk, (0, 0))
        if identities > customer.identity_generation:
            return Dismissal("logged_out_remotely")
        if tokens > customer.token_generation:
            return Dismissal("access_token_revoked")
        return None


def read_changes(
    organization_ids: Collection[int],
    since: datetime | None,
    signed_in: Collection[SignedIn] = (),
) -> Changes:
    """Three queries, and one more where users are ``signed_in``.

    ``since``: when this process last read, None for the first time.
    """
    moment = now()
    after = (since or moment) - _OVERLAP
    organizations = Organization.objects.filter(pk__in=organization_ids).values_list(
        "pk", "suspended", "oldest_version"
    )
    rows = list(organizations)
    revoked = Customer.objects.filter(revoked_at__gt=after).values_list(
        "pk", "token_generation", "identity_generation"
    )
    running = list(Ban.objects.filter(created_at__gt=after, expires_at__gt=moment))
    return Changes(
        read_at=moment,
        suspended=frozenset(pk for pk, suspended, _ in rows if suspended),
        oldest_versions={pk: version for pk, _, version in rows if version},
        revoked={pk: (tokens, identities) for pk, tokens, identities in revoked},
        banned={ban.customer_id: ban for ban in running},
        banned_addresses={
            (ban.organization_id, ban.address): ban for ban in running if ban.address
        },
        ended=users.ended(signed_in),
    )


def is_older(version: str, oldest: str) -> bool:
    """Whether ``3.3`` is before ``3.5``; nothing is before nothing."""
    return bool(oldest) and _parts(version) < _parts(oldest)


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdecimal()]


def _kept_out(found: Ban) -> Dismissal:
    data = {"timeout": bans.seconds_until(found.expires_at)}
    if found.temporary:
        return Dismissal("customer_temporarily_blocked", data)
    return Dismissal("customer_banned", data)
