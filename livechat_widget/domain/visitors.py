"""The browser that stays the same customer: reading and writing the identity cookie."""

from http.cookies import Morsel
from typing import Any

from django.http import HttpRequest, HttpResponse

from ..errors import OrganizationSuspended
from ..models import Customer, Organization
from . import addresses, bans, customers, identities, tokens
from .identities import Identity


class _PartitionedMorsel(Morsel[str]):
    """Neither Python before 3.14 nor Django knows the attribute ``Partitioned``.

    Without it a browser that blocks third-party cookies drops the cookie of an embedded frame,
    and the same visitor comes back as somebody else.
    """

    def OutputString(self, attrs: Any = None) -> str:  # noqa: N802 (the name is the library's)
        return f"{super().OutputString(attrs)}; Partitioned"


def recognise(
    request: HttpRequest,
    organization: Organization,
    group: int | None = None,
    identity: Identity | None = None,
) -> Customer:
    """The customer of an identity, or of this browser; a new one where it brings no cookie of ours.

    Raises what ``find`` does, and ``Unauthenticated`` for an identity that is no longer good.
    """
    customer = find(request, organization, group)
    if identity is None:
        return customer or customers.create(organization)
    known = identities.enter(organization, identity, customer)
    bans.check(organization.pk, known, addresses.of_request(request))
    return known


def find(
    request: HttpRequest, organization: Organization, group: int | None = None
) -> Customer | None:
    """The customer of this browser, if it brings a cookie of ours. Raises
    ``OrganizationSuspended`` and ``CustomerBanned``."""
    if organization.suspended:
        raise OrganizationSuspended
    name = tokens.cookie_name(organization, secure=request.is_secure(), group=group)
    customer = tokens.open_identity(request.COOKIES.get(name, ""), organization)
    bans.check(organization.pk, customer, addresses.of_request(request))
    return customer


def remember(
    request: HttpRequest, response: HttpResponse, customer: Customer, group: int | None = None
) -> None:
    """Give the browser its cookie: partitioned per embedding site on HTTPS, Lax on plain HTTP.

    Where the customer is known it is taken away: it would outlive their signing out.
    """
    secure = request.is_secure()
    name = tokens.cookie_name(customer.organization, secure=secure, group=group)
    if customer.known:
        if name not in request.COOKIES:
            return
        value, seconds = "", 0
    else:
        value, seconds = tokens.seal_identity(customer), tokens.IDENTITY_SECONDS
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        secure=secure,
        httponly=True,
        samesite="None" if secure else "Lax",
    )
    if secure:
        plain = response.cookies[name]
        morsel = _PartitionedMorsel()
        morsel.set(name, plain.value, plain.coded_value)
        morsel.update(plain)
        dict.__setitem__(response.cookies, name, morsel)
