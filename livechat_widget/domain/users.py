"""Users of the host's own: whether what was vouched for at sign-in still holds."""

from collections.abc import Collection
from hashlib import sha256
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.crypto import constant_time_compare

# A user's key, and the digest that its token carries.
SignedIn = tuple[Any, str]


def auth_hashes(user: Any) -> tuple[str, ...]:
    """What a session may hold of the user, by each of the secret keys that are good."""
    return (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())


def digest(user: Any) -> str:
    """Changes with the password, as sessions do. It may be shown: nothing follows from it."""
    return _digest(user.get_session_auth_hash())


def vouches(user: Any, held: str) -> bool:
    """Whether what was ``held`` from an earlier ``digest`` is still good.

    Also where it was made with a secret key that is among the fallbacks now.
    """
    return bool(user.is_active) and any(
        constant_time_compare(held, _digest(one)) for one in auth_hashes(user)
    )


def ended(signed_in: Collection[SignedIn]) -> frozenset[SignedIn]:
    """Those whose user is gone, inactive, or has another password now. One query at most."""
    if not signed_in:
        return frozenset()
    users = get_user_model()._default_manager.in_bulk({key for key, _ in signed_in})
    return frozenset(
        (key, held) for key, held in signed_in if key not in users or not vouches(users[key], held)
    )


def _digest(auth_hash: str) -> str:
    return sha256(auth_hash.encode()).hexdigest()[:32]
