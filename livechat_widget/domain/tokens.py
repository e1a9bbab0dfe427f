"""Bearer tokens and the identity cookie: both are signed, neither is stored."""

from typing import Any

from django.core import signing

from ..conf import settings
from ..errors import Unauthenticated
from ..models import Customer, Organization

_TOKEN_SALT = "livechat_widget.token"
_IDENTITY_SALT = "livechat_widget.identity"
IDENTITY_SECONDS = 63_072_000  # two years, extended by every visit


def mint(customer: Customer) -> str:
    """A bearer token that stands for one customer of one organization."""
    claims = [str(customer.pk), customer.organization_id]
    return signing.dumps(claims, salt=_TOKEN_SALT, compress=False)


def read(token: str, **facts: Any) -> Customer:
    """The customer of a token, given with or without ``Bearer``; raises ``Unauthenticated``.

    ``facts`` are annotations that the same query is to bring.
    """
    try:
        claims = signing.loads(
            token.removeprefix("Bearer ").strip(),
            salt=_TOKEN_SALT,
            max_age=settings.TOKEN_LIFETIME_SECONDS,
        )
        customer_id, organization_id = claims
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Unauthenticated from error
    customers = Customer.objects.select_related("organization", "stream").annotate(**facts)
    customer = customers.filter(pk=customer_id, organization=organization_id).first()
    if customer is None:
        raise Unauthenticated
    return customer


def read_for(token: str, organization: Organization, **facts: Any) -> Customer:
    """The same, of this organization alone."""
    customer = read(token, **facts)
    if customer.organization_id != organization.pk:
        raise Unauthenticated
    return customer


def describe(customer: Customer) -> dict[str, Any]:
    """A fresh token, as both token flows give it."""
    return {
        "access_token": mint(customer),
        "entity_id": str(customer.pk),
        "expires_in": settings.TOKEN_LIFETIME_SECONDS,
        "token_type": "Bearer",
        "organization_id": str(customer.organization.organization_id),
    }


def seal_identity(customer: Customer) -> str:
    """What the browser keeps, so that it stays the same customer."""
    return signing.dumps(str(customer.pk), salt=_IDENTITY_SALT)


def open_identity(cookie: str, organization: Organization) -> Customer | None:
    """The customer who was given this cookie; None for a forged, foreign or expired one."""
    try:
        customer_id = signing.loads(cookie, salt=_IDENTITY_SALT, max_age=IDENTITY_SECONDS)
    except signing.BadSignature:
        return None
    customers = Customer.objects.select_related("organization", "stream")
    return customers.filter(pk=customer_id, organization=organization).first()


def cookie_name(organization: Organization, *, secure: bool, group: int | None = None) -> str:
    """One cookie per organization; with ``uniqueGroups`` one per group."""
    prefix = "__Host-" if secure else ""
    suffix = "" if group is None else f"_g{group}"
    return f"{prefix}livechat_{organization.license_id}{suffix}"
