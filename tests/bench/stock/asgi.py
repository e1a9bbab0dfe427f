import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.stock.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from .consumers import Chat, Echo, Relay  # noqa: E402

urlpatterns: list[object] = []
sockets = [
    path("echo", Echo.as_asgi()),
    path("relay", Relay.as_asgi()),
    path("room/<str:name>/<str:author>", Chat.as_asgi()),
]
application = ProtocolTypeRouter({"http": http, "websocket": URLRouter(sockets)})
