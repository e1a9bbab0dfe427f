"""The counters over HTTP, for whoever knows the token; elsewhere the address does not exist."""

from functools import cache
from importlib.util import find_spec

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from .conf import settings


@cache
def register() -> None:
    """Once per process, however often Django gets its apps ready; not without prometheus-client."""
    if find_spec("prometheus_client"):
        from . import collector

        collector.register()


@transaction.non_atomic_requests
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Of this process alone: each has to be asked by itself."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(
            'Send "Authorization: Bearer …" with the METRICS_TOKEN of the settings.\n',
            status=401,
            content_type="text/plain; charset=utf-8",
            headers={"WWW-Authenticate": "Bearer"},
        )
    from . import collector  # a check has said that it needs prometheus-client

    return HttpResponse(
        collector.exposition(),
        content_type=collector.CONTENT_TYPE,
        headers={"Cache-Control": "no-store"},
    )
