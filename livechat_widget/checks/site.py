"""The site around the app: its URLconf, its other apps, its templates."""

from typing import Any

from django.apps import apps
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from ..origins import is_allowed_host
from ..protocol.versions import LATEST
from .options import TAG, value_of

MIDDLEWARE = "livechat_widget.protocol_host.protocol_host"

REQUIRED_APPS = {
    "django.contrib.admin": "the agents' console is part of the admin",
    "django.contrib.auth": "agents are users",
    "django.contrib.sessions": "the console's socket knows an agent by the session",
    "django.contrib.staticfiles": "it finds the scripts and styles of the chat",
    "django_htmx": "the chat's pages load htmx from it",
}


@register(TAG)
def check_urls(**_: Any) -> list[CheckMessage]:
    if not getattr(django_settings, "ROOT_URLCONF", None):
        return []
    page, socket = widget_path(), socket_path()
    if page is None:
        return [
            Error(
                "The chat's URLs are not included.",
                hint='Add to urlpatterns: path("livechat/", include("livechat_widget.urls")).',
                id="livechat_widget.E020",
            )
        ]
    if socket is None:
        return [
            Error(
                "The pages of the chat are included, but the protocol that they speak is not.",
                hint='Include "livechat_widget.urls", or "livechat_widget.api_urls" as well:'
                ' path("livechat/", include("livechat_widget.api_urls")).',
                id="livechat_widget.E021",
            )
        ]
    return _check_prefix(page, socket)


@register(TAG)
def check_apps(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{name} is not installed: {reason}.",
            hint=f'Add "{name}" to INSTALLED_APPS.',
            id="livechat_widget.E023",
        )
        for name, reason in REQUIRED_APPS.items()
        if not apps.is_installed(name)
    ]


@register(TAG)
def check_templates(**_: Any) -> list[CheckMessage]:
    try:
        get_template("livechat_widget/launcher.html")
    except TemplateDoesNotExist:
        return [
            Error(
                "The templates of the chat are not found.",
                hint='Set "APP_DIRS": True in the entry of TEMPLATES whose BACKEND is'
                ' "django.template.backends.django.DjangoTemplates".',
                id="livechat_widget.E024",
            )
        ]
    return []


@register(TAG)
def check_time_zone(**_: Any) -> list[CheckMessage]:
    if django_settings.USE_TZ:
        return []
    return [
        Error(
            "The chat orders messages by time and needs times with their zone.",
            hint="Set USE_TZ = True.",
            id="livechat_widget.E025",
        )
    ]


@register(TAG)
def check_protocol_hosts(**_: Any) -> list[CheckMessage]:
    hosts = value_of("PROTOCOL_HOSTS")
    if not hosts or MIDDLEWARE in django_settings.MIDDLEWARE:
        return []
    return [
        Error(
            f'LIVECHAT["PROTOCOL_HOSTS"] is {hosts!r}, but only sockets are told apart by it.',
            hint=f'Put "{MIDDLEWARE}" at the beginning of MIDDLEWARE.',
            id="livechat_widget.E026",
        )
    ]


@register(TAG)
def check_protocol_hosts_are_allowed(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f'LIVECHAT["PROTOCOL_HOSTS"] has {host!r}, which is not one of ALLOWED_HOSTS.',
            hint=f"Add {host!r} to ALLOWED_HOSTS.",
            id="livechat_widget.E027",
        )
        for host in value_of("PROTOCOL_HOSTS")
        if not is_allowed_host(host) and host not in django_settings.ALLOWED_HOSTS
    ]


def widget_path(language: str | None = None) -> str | None:
    with override(language or django_settings.LANGUAGE_CODE):
        return _reverse("livechat_widget:widget")


def socket_path(language: str | None = None) -> str | None:
    with override(language or django_settings.LANGUAGE_CODE):
        return _reverse("livechat_api:customer_rtm", version=LATEST.name)


def _check_prefix(page: str, socket: str) -> list[CheckMessage]:
    # A handshake says nothing about its language, so a path with one in it cannot be resolved.
    codes = [code for code, _ in django_settings.LANGUAGES]
    other = next((code for code in codes if code != django_settings.LANGUAGE_CODE), None)
    if (widget_path(other), socket_path(other)) == (page, socket):
        return []
    return [
        Error(
            "The chat's URLs are inside i18n_patterns, where its sockets are not found.",
            hint='Move path("livechat/", include("livechat_widget.urls")) into the urlpatterns'
            " outside i18n_patterns. The pages choose their language by themselves.",
            id="livechat_widget.E022",
        )
    ]


def _reverse(name: str, **kwargs: str) -> str | None:
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return None
