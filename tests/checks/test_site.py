"""The site around the app."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.core.checks import CheckMessage
from django.urls import include, path

WHOLE = path("livechat/", include("livechat_widget.urls"))
PAGES = path("livechat/", include("livechat_widget.page_urls"))
PROTOCOL = path("chat-api/", include("livechat_widget.api_urls"))


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("E020", [path("elsewhere/", include("django.contrib.auth.urls"))]),
        ("E020", [PROTOCOL]),
        ("E021", [PAGES]),
        ("E022", i18n_patterns(WHOLE)),
        ("E022", i18n_patterns(WHOLE, prefix_default_language=False)),
        ("E022", [PAGES, *i18n_patterns(PROTOCOL)]),
    ],
)
def test_it_reports_addresses_that_cannot_be_reached(
    numbers: Callable[..., list[str]], number: str, wrong: list[Any]
) -> None:
    assert numbers(ROOT_URLCONF=tuple(wrong)) == [number]


@pytest.mark.parametrize("right", [[WHOLE], [PAGES, PROTOCOL]])
def test_it_is_silent_about_addresses_that_can(
    numbers: Callable[..., list[str]], right: list[Any]
) -> None:
    assert numbers(ROOT_URLCONF=tuple(right)) == []


@pytest.mark.parametrize("name", ["admin", "auth", "sessions", "staticfiles", "django_htmx"])
def test_it_reports_a_missing_app(
    messages: Callable[..., list[CheckMessage]], settings: Any, name: str
) -> None:
    rest = [app for app in settings.INSTALLED_APPS if not app.endswith(name)]
    [message] = messages(INSTALLED_APPS=rest)
    assert message.id == "livechat_widget.E023"
    assert f'{name}" to INSTALLED_APPS' in str(message.hint)


@pytest.mark.parametrize("name", ["daphne", "channels", "django.contrib.messages"])
def test_it_does_not_miss_an_app_that_it_can_do_without(
    numbers: Callable[..., list[str]], settings: Any, name: str
) -> None:
    assert name in settings.INSTALLED_APPS
    rest = [app for app in settings.INSTALLED_APPS if app != name]
    assert numbers(INSTALLED_APPS=rest) == []


def test_it_reports_templates_that_are_not_found(
    numbers: Callable[..., list[str]], settings: Any
) -> None:
    [engine] = settings.TEMPLATES
    assert numbers(TEMPLATES=[{**engine, "APP_DIRS": False}]) == ["E024"]
    assert numbers(TEMPLATES=[{**engine, "APP_DIRS": True}]) == []


def test_it_reports_times_without_a_zone(numbers: Callable[..., list[str]]) -> None:
    assert numbers(USE_TZ=False) == ["E025"]
    assert numbers(USE_TZ=True) == []


MIDDLEWARE = "livechat_widget.protocol_host.protocol_host"


def test_it_reports_a_host_of_the_protocol_that_is_not_served(
    numbers: Callable[..., list[str]], settings: Any
) -> None:
    hosts = {"PROTOCOL_HOSTS": ["api.chat.example", ".below.example"]}
    allowed = ["api.chat.example", ".below.example", "shop.example"]
    right = [MIDDLEWARE, *settings.MIDDLEWARE]
    assert numbers(LIVECHAT=hosts, ALLOWED_HOSTS=allowed) == ["E026"]
    assert numbers(LIVECHAT=hosts, ALLOWED_HOSTS=allowed, MIDDLEWARE=right) == []
    assert numbers(LIVECHAT=hosts, ALLOWED_HOSTS=allowed[1:], MIDDLEWARE=right) == ["E027"]
