"""The browser that stays the same customer: reading and writing the identity cookie."""

from http.cookies import Morsel
from typing import Any

from django.http import HttpRequest, HttpResponse

from ..errors import OrganizationSuspended
from ..models import Customer, Organization
from . import addresses, bans, customers, tokens


class _PartitionedMorsel(Morsel[str]):
    """Neither Python before 3.14 nor Django knows the attribute ``Partitioned``.

    Without it a browser that blocks third-party cookies drops the cookie of an embedded frame,
    and the same visitor comes back as somebody else.
    """

    def OutputString(self, attrs: Any = None) -> str:  # noqa: N802 (the name is the library's)
        return f"{super().OutputString(attrs)}; Partitioned"


def recognise(
    request: HttpRequest, organization: Organization, group: int | None = None
) -> Customer:
    """The customer of this browser; a new one where it brings no cookie of ours.

    Raises ``OrganizationSuspended`` and ``CustomerBanned``.
    """
    if organization.suspended:
        raise OrganizationSuspended
    name = tokens.cookie_name(organization, secure=request.is_secure(), group=group)
    cookie = request.COOKIES.get(name, "")
    known = tokens.open_identity(cookie, organization)
    bans.check(organization.pk, known, addresses.of_request(request))
    return known or customers.create(organization)


def remember(
    request: HttpRequest, response: HttpResponse, customer: Customer, group: int | None = None
) -> None:
    """Give the browser its cookie: partitioned per embedding site on HTTPS, Lax on plain HTTP."""
    secure = request.is_secure()
    name = tokens.cookie_name(customer.organization, secure=secure, group=group)
    response.set_cookie(
        name,
        tokens.seal_identity(customer),
        max_age=tokens.IDENTITY_SECONDS,
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
