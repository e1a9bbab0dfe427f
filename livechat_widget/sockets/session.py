"""Django's signed-in user behind a handshake."""

from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from .headers import header


def read_user(scope: Any) -> AbstractBaseUser | AnonymousUser:
    """By the session cookie; also checks the session's auth hash. Runs queries."""
    engine = import_module(settings.SESSION_ENGINE)
    request = HttpRequest()
    request.session = engine.SessionStore(_cookie(scope, settings.SESSION_COOKIE_NAME))
    return get_user(request)


def _cookie(scope: Any, name: str) -> str | None:
    try:
        morsel = SimpleCookie(header(scope, b"cookie")).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None
