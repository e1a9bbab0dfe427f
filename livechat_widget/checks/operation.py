"""What those need who look after the site: health and metrics."""

import re
from importlib.util import find_spec
from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import NoReverseMatch, reverse

from .options import TAG, value_of

SHORTEST_TOKEN = 20


@register(TAG)
def check_metrics(**_: Any) -> list[CheckMessage]:
    if not value_of("METRICS_TOKEN") or find_spec("prometheus_client"):
        return []
    return [
        Error(
            'LIVECHAT["METRICS_TOKEN"] is set, but prometheus-client is not installed.',
            hint='Type pip install "prometheus-client>=0.20", or remove the setting.',
            id="livechat_widget.E050",
        )
    ]


@register(TAG)
def check_previews(**_: Any) -> list[CheckMessage]:
    if not value_of("LINK_PREVIEWS") or find_spec("httpcore2"):
        return []
    return [
        Error(
            'LIVECHAT["LINK_PREVIEWS"] is on, but httpcore2 is not installed.',
            hint='Type pip install "httpcore2>=2.0", or switch the setting off.',
            id="livechat_widget.E053",
        )
    ]


@register(TAG)
def check_token(**_: Any) -> list[CheckMessage]:
    token = value_of("METRICS_TOKEN")
    if not token or len(token) >= SHORTEST_TOKEN:
        return []
    return [
        Warning(
            f'LIVECHAT["METRICS_TOKEN"] has {len(token)} characters: it can be guessed.',
            hint="Take the output of"
            ' python -c "import secrets; print(secrets.token_urlsafe(32))" for it.',
            id="livechat_widget.W051",
        )
    ]


@register(TAG, deploy=True)
def check_redirect(**_: Any) -> list[CheckMessage]:
    if not django_settings.SECURE_SSL_REDIRECT:
        return []
    try:
        path = reverse("livechat_widget:health").removeprefix("/")
    except NoReverseMatch:
        return []  # another check says that the URLs are not included
    if any(re.search(one, path) for one in django_settings.SECURE_REDIRECT_EXEMPT):
        return []
    return [
        Warning(
            "SECURE_SSL_REDIRECT answers a load balancer that asks for the health of the process"
            " by HTTP with a redirect, whatever the health is.",
            hint=f'Set SECURE_REDIRECT_EXEMPT = [r"^{path}$"].',
            id="livechat_widget.W052",
        )
    ]
