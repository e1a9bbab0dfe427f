"""What lets a page of another site read an answer (cross-origin resource sharing)."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

METHODS = "GET, POST, OPTIONS"
# How long a browser need not ask again before each request, in seconds.
PREFLIGHT_SECONDS = 7200


def share(
    request: HttpRequest, response: HttpResponse, *, credentials: bool = False
) -> HttpResponse:
    """Let the page that asks read the answer; for origins that may, and no others."""
    if origin := request.headers.get("Origin"):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Headers"] = "authorization, content-type, x-api-version"
        response["Access-Control-Allow-Methods"] = METHODS
        if credentials:
            response["Access-Control-Allow-Credentials"] = "true"
        if request.method == "OPTIONS":
            response["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    return keep_apart(response)


def keep_apart(response: HttpResponse) -> HttpResponse:
    """No cache gives one origin what another was told."""
    patch_vary_headers(response, ["Origin"])
    response.setdefault("Cache-Control", "no-store")
    return response
