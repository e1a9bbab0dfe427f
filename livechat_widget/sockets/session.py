"""Django's signed-in user behind a handshake, and whether the session lives on."""

from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
    load_backend,
)
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now

from ..domain.agents import Rights
from ..domain.users import auth_hashes
from .headers import header


def read_user(scope: Any) -> tuple[AbstractBaseUser | AnonymousUser, str]:
    """By the session cookie, with the session's key; also checks the auth hash. Runs queries.

    Django's own ``get_user`` gives a session a new key where its hash is of an older secret key. A
    handshake has no cookie to say so with, and the agent would be signed out.
    """
    store = _store()(_cookie(scope, settings.SESSION_COOKIE_NAME))
    session = store.load() if store.session_key else {}
    backend = session.get(BACKEND_SESSION_KEY, "")
    if backend not in settings.AUTHENTICATION_BACKENDS:
        return AnonymousUser(), ""
    key = get_user_model()._meta.pk.to_python(session.get(SESSION_KEY))
    user = load_backend(backend).get_user(key)
    if user is None or not _is_vouched_for(session, auth_hashes(user)):
        return AnonymousUser(), ""
    return user, store.session_key or ""


def read_sessions(keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """What the sessions that are alive hold: one query, where the database is asked at all."""
    store = _store()
    if not issubclass(store, DatabaseStore):
        return {key: store(key).load() for key in keys}
    rows = store.get_model_class().objects.filter(session_key__in=keys, expire_date__gt=now())
    return {row.session_key: store().decode(row.session_data) for row in rows}


def belongs_to(session: dict[str, Any], rights: Rights) -> bool:
    """Whether it is signed in as the agent's user, with the password that is valid now."""
    return session.get(SESSION_KEY) == rights.user_key and _is_vouched_for(
        session, rights.auth_hashes
    )


def _is_vouched_for(session: dict[str, Any], hashes: Collection[str]) -> bool:
    held = session.get(HASH_SESSION_KEY, "")
    return any(constant_time_compare(held, one) for one in hashes)


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore


def _cookie(scope: Any, name: str) -> str | None:
    try:
        morsel = SimpleCookie(header(scope, b"cookie")).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None
