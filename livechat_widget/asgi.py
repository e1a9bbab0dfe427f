"""Three ways to serve the sockets; one of them goes into the host's ``asgi.py``.

- ``ASGI_APPLICATION = "livechat_widget.asgi.application"`` where there is no other socket;
- ``application = with_livechat(application)`` around any ASGI application;
- ``URLRouter([*websocket_urlpatterns, ...])`` in a Channels project.
"""

from typing import Any

from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIHandler
from django.urls import Resolver404, ResolverMatch, re_path, resolve

_django = get_asgi_application()

from .delivery.bus import get_bus  # noqa: E402 (needs the app registry)
from .ticker import start_ticker  # noqa: E402


async def serve_socket(scope: Any, receive: Any, send: Any) -> Any:
    """Find the socket by the project's URLconf; refuse every other path."""
    match = _find_socket(scope["path"])
    if match is None:
        await receive()
        await send({"type": "websocket.close", "code": 4404})
        return
    get_bus()
    start_ticker()
    route = {"args": match.args, "kwargs": match.kwargs}
    view: Any = match.func
    await view.consumer.as_asgi()({**scope, "url_route": route}, receive, send)


def with_livechat(application: Any) -> Any:
    """Serve this app's sockets; everything else goes to ``application`` as before."""

    async def livechat(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" and _find_socket(scope["path"]):
            await serve_socket(scope, receive, send)
            return
        if scope["type"] == "http":
            get_bus()  # so that what a view writes reaches the sockets of this process at once
            start_ticker()
        if scope["type"] == "websocket" and isinstance(application, ASGIHandler):
            await serve_socket(scope, receive, send)  # which refuses it; Django would raise
            return
        await application(scope, receive, send)

    return livechat


def _find_socket(path: str) -> ResolverMatch | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match if hasattr(match.func, "consumer") else None


websocket_urlpatterns = [re_path(r"^(?:.*/)?(?:customer/rtm|console)/ws$", serve_socket)]
application = with_livechat(_django)
