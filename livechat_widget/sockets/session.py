"""Django's signed-in user behind a handshake, and whether the session lives on."""

from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now

from ..domain.agents import Rights
from .headers import header


def read_user(scope: Any) -> tuple[AbstractBaseUser | AnonymousUser, str]:
    """By the session cookie, with the session's key; also checks the auth hash. Runs queries."""
    request = HttpRequest()
    request.session = _store()(_cookie(scope, settings.SESSION_COOKIE_NAME))
    return get_user(request), request.session.session_key or ""


def read_sessions(keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """What the sessions that are alive hold: one query, where the database is asked at all."""
    store = _store()
    if not issubclass(store, DatabaseStore):
        return {key: store(key).load() for key in keys}
    rows = store.get_model_class().objects.filter(session_key__in=keys, expire_date__gt=now())
    return {row.session_key: store().decode(row.session_data) for row in rows}


def belongs_to(session: dict[str, Any], rights: Rights) -> bool:
    """Whether it is signed in as the agent's user, with the password that is valid now."""
    return session.get(SESSION_KEY) == rights.user_key and constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), rights.auth_hash
    )


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore


def _cookie(scope: Any, name: str) -> str | None:
    try:
        morsel = SimpleCookie(header(scope, b"cookie")).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None
