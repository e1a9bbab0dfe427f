"""Who a visitor is: an identity that the site vouches for, and the customer who has it."""

import logging
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError
from django.db.models import F
from django.utils.module_loading import import_string

from ..conf import settings
from ..delivery.database import atomic
from ..errors import NotFound, Unauthenticated
from ..models import Chat, Customer, Organization, Stream
from . import customers, tokens

logger = logging.getLogger("livechat_widget.domain")
_LENGTHS = {"name": 200, "email": 254, "avatar": 2000}


@dataclass(frozen=True)
class Identity:
    """A user of this site, or somebody whom another site knows by ``external_id``.

    ``issued_at``: when the other site said so, in seconds of the epoch.
    """

    user: Any = None
    external_id: str = ""
    name: str = ""
    email: str = ""
    avatar: str = ""
    issued_at: float | None = None

    def terms(self) -> dict[str, Any]:
        return {"user": self.user} if self.user else {"external_id": self.external_id}

    def details(self) -> dict[str, str]:
        """What is vouched for; what is empty is left to the customer."""
        values = {name: getattr(self, name)[:most] for name, most in _LENGTHS.items()}
        return {name: value for name, value in values.items() if value}


def of_user(user: Any) -> Identity:
    """Name, e-mail and avatar of a user; ``USER_DETAILS`` has the last word."""
    details: dict[str, Any] = {
        "name": user.get_full_name() if hasattr(user, "get_full_name") else "",
        "email": getattr(user, user.get_email_field_name(), "") or "",
    }
    details["name"] = details["name"] or user.get_username()
    if settings.USER_DETAILS:
        details.update(import_string(settings.USER_DETAILS)(user))
    return Identity(user=user, **details)


def enter(
    organization: Organization, identity: Identity, anonymous: Customer | None = None
) -> Customer:
    """The customer of an identity; ``anonymous`` is whom the browser has been until now.

    Raises ``Unauthenticated`` for an identity from before the customer was logged out.
    """
    customer = _find(organization, identity)
    if customer is None or (anonymous and _weigh(anonymous) > _weigh(customer)):
        try:
            customer = _join(organization, identity, anonymous)
        except IntegrityError:  # another tab was faster
            customer = _join(organization, identity, None)
    _check_age(customer, identity)
    return _follow(customer, identity)


def find(organization: Organization, **terms: Any) -> Customer:
    """By ``pk`` or ``external_id``; raises ``NotFound``."""
    try:
        found = Customer.objects.select_related("organization", "stream", "user")
        return found.get(organization=organization, **terms)
    except (Customer.DoesNotExist, ValidationError) as error:
        raise NotFound("There is no such customer in this organization.") from error


def log_out(organization: Organization, **terms: Any) -> None:
    """Tokens, sockets, and identities that were signed before are good no longer."""
    tokens.log_out(find(organization, **terms))


def sign_off(user: Any, **_: Any) -> None:
    """Who signs out of the site is signed out of the chat, at every browser that is open.

    Where the user is signed in still, the page fetches another token by itself.
    """
    if user is None:
        return
    try:
        for customer in Customer.objects.filter(user=user.pk):
            tokens.log_out(customer)
    except DatabaseError:  # the site's own logout is not to fail with ours
        logger.exception("The chat of user %s could not be logged out", user.pk)


def _find(organization: Organization, identity: Identity) -> Customer | None:
    customers = Customer.objects.select_related("organization", "stream", "user")
    return customers.filter(organization=organization, **identity.terms()).first()


@atomic
def _join(organization: Organization, identity: Identity, anonymous: Customer | None) -> Customer:
    """The anonymous one becomes the known one, where nothing of more weight is there.

    It is asked again under the locks: a chat may have begun or ended meanwhile.
    """
    known = _find(organization, identity)
    both = [one.pk for one in (known, anonymous) if one]
    list(Stream.objects.select_for_update(of=("self",)).filter(customer__in=both).order_by("pk"))
    if known and (anonymous is None or _weigh(anonymous) <= _weigh(known)):
        return known
    if known:
        _let_go(known)
    return _name(anonymous or customers.create(organization), identity)


def _weigh(customer: Customer) -> int:
    """Who is in a chat goes before who had one, and that one before who never had."""
    chat = Chat.objects.filter(customer=customer).select_related("last_thread").first()
    if chat is None:
        return 0
    return 2 if chat.last_thread and chat.last_thread.active else 1


def _name(customer: Customer, identity: Identity) -> Customer:
    """Tokens and cookies of the anonymous one end: those were the browser's, not the user's."""
    row = Customer.objects.filter(pk=customer.pk, user=None, external_id="")
    named = row.update(
        **identity.terms(),
        token_generation=F("token_generation") + 1,
        identity_generation=F("identity_generation") + 1,
    )
    if not named:
        raise Unauthenticated("Somebody else has just signed in there; load the page again.")
    customer.refresh_from_db()
    return customer


def _let_go(customer: Customer) -> None:
    """What it said stays with the agents, under its name; it is nobody's any more."""
    Customer.objects.filter(pk=customer.pk).update(user=None, external_id="", verified={})
    tokens.log_out(customer)


def _check_age(customer: Customer, identity: Identity) -> None:
    if identity.issued_at is None or customer.revoked_at is None:
        return
    # A site's clock has whole seconds, so the second of the logout counts as before it.
    if identity.issued_at <= customer.revoked_at.timestamp():
        raise Unauthenticated("This identity is from before a logout; let your site sign anew.")


def _follow(customer: Customer, identity: Identity) -> Customer:
    """Name, e-mail and avatar are those of the user, today."""
    details = identity.details()
    if customer.verified != details:
        gone = {name: "" for name in customer.verified if name not in details}
        customers.update(customer, **gone, **details)
        customer.verified = details
        customer.save(update_fields=["verified"])
    return customer
