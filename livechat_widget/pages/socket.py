"""What a plain HTTP request to a socket's address gets; the address itself is in the URLconf."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt


def socket_view(connection: type[object]) -> Callable[..., HttpResponse]:
    """A view that marks the path as the connection's and explains itself to everybody else."""

    @csrf_exempt
    def explain(request: HttpRequest, **kwargs: str) -> HttpResponse:
        message = (
            "This address speaks WebSocket. If you came by one, the server does not serve our"
            " sockets: wrap the ASGI application in livechat_widget.asgi.with_livechat."
        )
        body = {"error": {"type": "upgrade_required", "message": message}}
        return JsonResponse(body, status=426, headers={"Upgrade": "websocket"})

    explain.connection = connection  # type: ignore[attr-defined]
    return explain
