"""The pages: the widget's, and the console's socket (its pages are in the admin); the addresses
that an operator looks at."""

from django.urls import path

from . import health, metrics
from .pages import widget
from .pages.socket import socket_view
from .sockets.console import ConsoleConnection

app_name = "livechat_widget"
urlpatterns = [
    path("widget/", widget.show, name="widget"),
    path("widget/messages", widget.send, name="widget_messages"),
    path("widget/typing", widget.peek, name="widget_typing"),
    path("widget/seen", widget.mark_as_seen, name="widget_seen"),
    path("widget/postback", widget.postback, name="widget_postback"),
    path("widget/close", widget.close, name="widget_close"),
    path("widget/news", widget.news, name="widget_news"),
    path("healthz", health.show, name="health"),
    path("metrics", metrics.show, name="metrics"),
    path("console/ws", socket_view(ConsoleConnection), name="console_socket"),
]
