"""What other servers sign with a key of the organization: who somebody is, or that it is they."""

import hmac
import time
from hashlib import sha256
from typing import Any

import jwt
import msgspec
from msgspec import Struct

from ..conf import settings
from ..errors import Unauthenticated, ValidationFailed
from ..models import Organization
from ..protocol.fields import Email, Name, Text, Url
from .identities import Identity

# The one algorithm: a token that names another one, or none, is not asked what it means by it.
_ALGORITHM = "HS256"
# Clocks differ by so many seconds.
LEEWAY = 60


class Person(Struct, kw_only=True):
    """Somebody by the id that the site has for them."""

    user_id: Name
    name: Name = ""
    email: Email = ""
    avatar: Url = ""


class SignedPerson(Person, kw_only=True):
    """``signature``: 64 hexadecimal digits; ``issued_at``: in seconds of the epoch."""

    issued_at: int
    signature: Text


class _Claims(Struct, kw_only=True):
    user_id: Name = msgspec.field(name="sub")
    issued_at: float = msgspec.field(name="iat")
    name: Name = ""
    email: Email = ""
    avatar: Url = ""


def identify(person: Person, issued_at: float | None = None) -> Identity:
    """Raises ``ValidationFailed`` without an id."""
    if not person.user_id.strip():
        raise ValidationFailed("user_id: give the id that your site has for this person.")
    return Identity(
        external_id=person.user_id,
        name=person.name,
        email=person.email,
        avatar=person.avatar,
        issued_at=issued_at,
    )


def read_jwt(organization: Organization, token: str) -> Identity:
    """The identity of a JSON Web Token; raises ``Unauthenticated``, saying what is wrong."""
    problem: Exception | str = "the organization has no signing key; add one in the admin"
    for key in _keys(organization):
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[_ALGORITHM],
                audience=str(organization.organization_id),
                leeway=LEEWAY,
                options={"require": ["aud", "exp", "iat", "sub"]},
            )
            known = msgspec.convert(claims, _Claims)
        except jwt.InvalidSignatureError as error:
            problem = error  # perhaps it is signed with the next key
        except (jwt.PyJWTError, msgspec.ValidationError, ArithmeticError) as error:
            problem = error
            break
        else:
            _check_time("identity_token", known.issued_at)
            person = Person(
                user_id=known.user_id, name=known.name, email=known.email, avatar=known.avatar
            )
            return identify(person, known.issued_at)
    raise Unauthenticated(
        f"identity_token: {problem}. Sign it with {_ALGORITHM} and a key of this organization,"
        " with sub, iat, exp, and the organization's id as aud."
    )


def check(organization: Organization, person: SignedPerson) -> Identity:
    """The identity of a person whose signature is right; raises ``Unauthenticated``."""
    message = message_of(organization, person)
    given = person.signature.encode()
    right = [
        hmac.compare_digest(hmac.digest(key.encode(), message, sha256).hex().encode(), given)
        for key in _keys(organization)
    ]
    if not any(right):
        raise Unauthenticated(
            "identity: the signature is not of a key of this organization, or not of these values."
        )
    _check_time("identity", person.issued_at)
    return identify(person, person.issued_at)


def message_of(organization: Organization, person: SignedPerson) -> bytes:
    """What is signed: six lines, so that no value can pass for a part of another one."""
    lines = [
        str(organization.organization_id),
        person.user_id,
        str(person.issued_at),
        person.name,
        person.email,
        person.avatar,
    ]
    if any("\n" in line for line in lines):
        raise ValidationFailed("identity: no value may have a line feed in it.")
    return "\n".join(lines).encode()


def holds_key(organization: Organization, secret: str) -> bool:
    """Whether somebody has one of the organization's keys, and so is its server."""
    given = secret.encode()
    return any(hmac.compare_digest(key.encode(), given) for key in _keys(organization))


def _keys(organization: Organization) -> list[Any]:
    """All that are there are good: that is how one is replaced by another without a gap."""
    return list(organization.signing_keys.order_by("-pk").values_list("secret", flat=True))


def _check_time(member: str, issued_at: float) -> None:
    age = time.time() - issued_at
    if not -LEEWAY <= age <= settings.IDENTITY_LIFETIME_SECONDS + LEEWAY:
        raise Unauthenticated(
            f"{member}: it was issued {age:.0f} seconds ago, and is good for"
            f" {settings.IDENTITY_LIFETIME_SECONDS}; sign one with each page."
        )
