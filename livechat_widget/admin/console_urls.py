"""Where the console's pages stand in the admin."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path

from ..pages import console, console_acts, console_files
from ..pages.acts import while_up

View = Callable[..., HttpResponseBase]


def console_urls(site: AdminSite) -> list[URLPattern]:
    def show(request: HttpRequest) -> HttpResponse:
        return console.show(request, site.each_context(request))

    chat = "chats/<slug:chat_id>/"
    pages: list[tuple[str, View, str]] = [
        ("", show, ""),
        (chat, console.show_chat, "_chat"),
        (f"{chat}take", console_acts.take, "_take"),
        (f"{chat}messages", console_acts.send, "_messages"),
        (f"{chat}files", console_files.send, "_files"),
        (f"{chat}typing", console_acts.show_typing, "_typing"),
        (f"{chat}seen", console_acts.mark_as_seen, "_seen"),
        (f"{chat}close", console_acts.close, "_close"),
        ("accepting", console_acts.set_accepting, "_accepting"),
        ("sync", console.sync, "_sync"),
    ]
    return [
        path(
            f"console/{route}",
            while_up(site.admin_view(_within(site, view))),
            name=f"livechat_widget_chat_console{name}",
        )
        for route, view, name in pages
    ]


def _within(site: AdminSite, view: View) -> View:
    @wraps(view)
    def within(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        request.current_app = site.name  # read by {% url "admin:…" %}
        return view(request, **kwargs)

    return within
