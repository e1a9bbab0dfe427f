"""What the console's page allows itself: its own files, inside Django's own admin."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.cast import Cast

CONSOLE = "admin:livechat_widget_chat_console"


def show(cast: Cast, **options: Any) -> HttpResponse:
    client = Client()
    client.force_login(cast.ann.user)
    response = client.get(reverse(CONSOLE), **options)
    assert response.status_code == 200
    return response


def directives(response: HttpResponse) -> dict[str, str]:
    policy = response["Content-Security-Policy"]
    return dict((*part.split(" ", 1), "")[:2] for part in policy.split("; "))


@pytest.fixture
def theme(tmp_path: Path, settings: Any) -> Path:
    """A folder whose templates come before those of every app."""
    [engine] = django_settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
    (tmp_path / "admin").mkdir()
    return tmp_path / "admin"


def test_it_works(cast: Cast) -> None:
    response = show(cast)
    assert directives(response) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self' ws://testserver",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "default",
    }
    # The admin's logout form is checked for its origin, which "no-referrer" would hide.
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"


def test_it_takes_files_from_where_the_site_has_them(cast: Cast, settings: Any) -> None:
    settings.STATIC_URL = "https://static.example/files/"
    assert directives(show(cast))["script-src"] == "'self' https://static.example"


def test_a_safe_line_has_a_safe_socket(cast: Cast) -> None:
    assert directives(show(cast, secure=True))["connect-src"] == "'self' wss://testserver"


@pytest.mark.parametrize("name", ["base.html", "base_site.html"])
def test_it_leaves_an_admin_with_another_face_alone(cast: Cast, theme: Path, name: str) -> None:
    """Themes run scripts and styles of their own, about which nothing is known here."""
    stock = Path(admin.__file__).parent / "templates" / "admin" / name
    (theme / name).write_text(stock.read_text())
    assert "Content-Security-Policy" not in show(cast)


def test_other_pages_of_the_admin_are_left_alone(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ann.user)
    assert "Content-Security-Policy" not in client.get(reverse("admin:index"))
