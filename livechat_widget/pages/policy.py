"""The Content-Security-Policy of our pages: our own files, and nothing inline."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static

from ..conf import settings

_ADMIN_TEMPLATES = Path(admin.__file__).parent / "templates"
_ADMIN_FRAME = ("admin/base_site.html", "admin/base.html")


def protect(
    request: HttpRequest, response: HttpResponse, framed_by: Iterable[str] = ()
) -> HttpResponse:
    """A page for visitors: framed by our own site and these origins only."""
    response["Content-Security-Policy"] = _policy(request, ["'self'", *framed_by])
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def protect_console(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page for agents. Another face of the admin has files that no policy of ours knows."""
    if _is_stock_admin():
        response["Content-Security-Policy"] = _policy(request, ["'none'"])
    # Under "no-referrer" the admin's logout form would have the origin "null", and be refused.
    response["Referrer-Policy"] = "same-origin"
    return response


def _policy(request: HttpRequest, ancestors: Iterable[str]) -> str:
    files = " ".join(dict.fromkeys(["'self'", _static_origin()])).strip()
    socket = f"{'wss' if request.is_secure() else 'ws'}://{request.get_host()}"
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {files}",
            f"style-src {files}",
            " ".join(filter(None, ["img-src", files, settings.FILE_ORIGIN, "data:"])),
            f"font-src {files}",
            f"connect-src 'self' {socket}",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {' '.join(ancestors)}",
            "require-trusted-types-for 'script'",
            "trusted-types default",
        ]
    )


def _static_origin() -> str:
    parts = urlsplit(static("livechat_widget/embed.js"))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _is_stock_admin() -> bool:
    frame: list[Any] = [get_template(name) for name in _ADMIN_FRAME]
    return all(Path(part.origin.name).is_relative_to(_ADMIN_TEMPLATES) for part in frame)
