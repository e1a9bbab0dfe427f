"""The Content-Security-Policy of the pages that a visitor sees."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static

from ..conf import settings


def protect(
    request: HttpRequest, response: HttpResponse, framed_by: Iterable[str] = ()
) -> HttpResponse:
    """Nothing but our own files; framed by our own site and the trusted origins only."""
    files = " ".join(dict.fromkeys(["'self'", _static_origin()])).strip()
    socket = f"{'wss' if request.is_secure() else 'ws'}://{request.get_host()}"
    ancestors = " ".join(["'self'", *settings.TRUSTED_ORIGINS, *framed_by])
    response["Content-Security-Policy"] = "; ".join(
        [
            "default-src 'none'",
            f"script-src {files}",
            f"style-src {files}",
            f"img-src {files} data:",
            f"font-src {files}",
            f"connect-src 'self' {socket}",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
            "require-trusted-types-for 'script'",
            "trusted-types default",
        ]
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _static_origin() -> str:
    parts = urlsplit(static("livechat_widget/embed.js"))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
