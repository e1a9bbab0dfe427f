"""Hosts that are for the protocol alone: it stands at their root, and nothing else is there."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from django.utils.decorators import sync_and_async_middleware

from .conf import settings

URLCONF = "livechat_widget.api_urls"


@sync_and_async_middleware
def protocol_host(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware; ``livechat_widget.asgi`` does the same for sockets, which no middleware sees."""
    if iscoroutinefunction(get_response):

        async def serve_async(request: HttpRequest) -> Any:
            _choose(request)
            return await get_response(request)

        return serve_async

    def serve(request: HttpRequest) -> Any:
        _choose(request)
        return get_response(request)

    return serve


def urlconf_at(host: str) -> str | None:
    """The URLconf of a protocol's host; None, for the site's own, of every other."""
    domain, _ = split_domain_port(host)
    return URLCONF if domain and validate_host(domain, settings.PROTOCOL_HOSTS) else None


def _choose(request: HttpRequest) -> None:
    if urlconf := urlconf_at(request.get_host()):
        request.urlconf = urlconf
