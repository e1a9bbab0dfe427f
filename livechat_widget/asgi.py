"""Three ways to serve the sockets; one of them goes into the host's ``asgi.py``.

- ``ASGI_APPLICATION = "livechat_widget.asgi.application"`` where there is no other socket;
- ``application = with_livechat(application)`` around any ASGI application;
- ``URLRouter([*websocket_urlpatterns, ...])`` in a Channels project.
"""

from typing import Any

from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIHandler
from django.urls import Resolver404, re_path, resolve

_django = get_asgi_application()

from .delivery.bus import get_bus  # noqa: E402 (needs the app registry)
from .protocol_host import urlconf_at  # noqa: E402
from .sockets.connection import Connection  # noqa: E402
from .sockets.headers import header  # noqa: E402
from .ticker import start_ticker  # noqa: E402


async def serve_socket(scope: Any, receive: Any, send: Any) -> Any:
    """Find the socket by the project's URLconf; refuse every other path."""
    if connection := _find_connection(scope, send):
        await _serve(connection, receive)
        return
    await receive()
    await send({"type": "websocket.close", "code": 4404})


def with_livechat(application: Any) -> Any:
    """Serve this app's sockets; everything else goes to ``application`` as before."""

    async def livechat(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            if connection := _find_connection(scope, send):
                await _serve(connection, receive)
                return
            if isinstance(application, ASGIHandler):
                await serve_socket(scope, receive, send)  # which refuses it; Django would raise
                return
        if scope["type"] == "http":
            get_bus()  # so that what a view writes reaches the sockets of this process at once
            start_ticker()
        await application(scope, receive, send)

    return livechat


async def _serve(connection: Connection, receive: Any) -> None:
    get_bus()
    start_ticker()
    await connection.live(receive)


def _find_connection(scope: Any, send: Any) -> Connection | None:
    """Nothing of the resolver's is kept: a match remembers every pattern that was tried."""
    try:
        match = resolve(scope["path"], urlconf_at(header(scope, b"host")))
    except Resolver404:
        return None
    kind: type[Connection] | None = getattr(match.func, "connection", None)
    return kind(scope, send, **match.kwargs) if kind else None


websocket_urlpatterns = [re_path(r"^(?:.*/)?(?:customer/rtm|console)/ws$", serve_socket)]
application = with_livechat(_django)
