"""The pages: the widget's, and the console's socket (its pages are in the admin); the addresses
that an operator looks at."""

from django.urls import path

from . import health, metrics
from .pages import greeting, questions, widget
from .pages.socket import socket_view
from .sockets.console import ConsoleConnection

app_name = "livechat_widget"
urlpatterns = [
    path("widget/", widget.show, name="widget"),
    path("widget/messages", widget.send, name="widget_messages"),
    path("widget/typing", widget.peek, name="widget_typing"),
    path("widget/seen", widget.mark_as_seen, name="widget_seen"),
    path("widget/postback", widget.postback, name="widget_postback"),
    path("widget/questions", questions.show, name="widget_questions"),
    path("widget/questions/prechat", questions.prechat, name="widget_prechat"),
    path("widget/questions/postchat", questions.postchat, name="widget_postchat"),
    path("widget/questions/ticket", questions.ticket, name="widget_ticket"),
    path("widget/questions/rating", questions.rate, name="widget_rating"),
    path("widget/questions/transcript", questions.transcript, name="widget_transcript"),
    path("widget/greeting", greeting.show, name="greeting"),
    path("widget/greeting/<slug:unique_id>/accept", greeting.accept, name="greeting_accept"),
    path("widget/greeting/<slug:unique_id>/press", greeting.press, name="greeting_press"),
    path("widget/greeting/<slug:unique_id>/cancel", greeting.cancel, name="greeting_cancel"),
    path("widget/close", widget.close, name="widget_close"),
    path("widget/history", widget.history, name="widget_history"),
    path("widget/news", widget.news, name="widget_news"),
    path("healthz", health.show, name="health"),
    path("metrics", metrics.show, name="metrics"),
    path("console/ws", socket_view(ConsoleConnection), name="console_socket"),
]
