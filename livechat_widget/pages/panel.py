"""The page in the frame, drawn as things stand at a number of the customer's stream."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from ..delivery import draw, log
from ..delivery.epoch import read_epoch
from ..delivery.greetings import draw as draw_greeting
from ..delivery.state import (
    RECENT,
    ChatState,
    load_chat,
    load_recent_events,
    somebody_is_there,
)
from ..domain import agents, greetings, tokens, visitors
from ..errors import NotFound
from ..models import ChatUser, Customer
from ..origins import all_trusted
from ..protocol.times import format_time
from ..protocol.versions import LATEST
from ..protocol.views import View
from .policy import protect


def respond(
    request: HttpRequest, customer: Customer, asked: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """The whole page; ``asked`` is what ``pages.questions`` gives."""
    context = {**_context(customer), **asked}
    response = render(request, "livechat_widget/widget/page.html", context, status=status)
    visitors.remember(request, response, customer)
    return protect(request, response, framed_by=all_trusted(customer.organization))


def standing(customer: Customer) -> dict[str, Any]:
    """The customer's chat as templates show it, and who is there."""
    stream = customer.stream
    state = load_chat(stream.pk)
    hosts = agents.list_available(customer.organization_id)
    if state is None:
        online = somebody_is_there(customer.organization_id)
        return {"chat": None, "items": [], "agents": [], "online": online, "hosts": hosts}
    # Events up to the stream's own clock: exactly what is in the log up to ``seq``.
    load_recent_events(state, up_to=log.clock_time(stream))
    shown = draw.context(state, View.CUSTOMER, stream.public_seq)
    older = _older_before(state)
    begun_with = None if older else greetings.begun_with(state.thread)
    return {
        **shown,
        "older_before": older,
        "hosts": hosts,
        "begun_with": draw_greeting(begun_with) if begun_with else "",
    }


def _context(customer: Customer) -> dict[str, Any]:
    shown = greetings.last_shown(customer)
    path = reverse("livechat_api:customer_rtm", kwargs={"version": LATEST.name})
    query = f"{LATEST.organization_parameter}={customer.organization.organization_id}"
    return {
        **standing(customer),
        "organization": customer.organization,
        "customer": customer,
        "token": tokens.mint(customer),
        "epoch": read_epoch(),
        "seq": str(customer.stream.public_seq),
        "language": get_language(),
        "socket_url": f"{path}?{query}",
        "greeting": draw_greeting(shown) if shown else "",
        "seen_by_me": _seen_by(customer),
    }


def respond_without_chat(
    request: HttpRequest, status: int, framed_by: Iterable[str]
) -> HttpResponse:
    """The page for who is kept out, or, with 503, while the database does not answer."""
    context = {"language": get_language(), "down": status == 503}
    response = render(request, "livechat_widget/widget/down.html", context, status=status)
    return protect(request, response, framed_by=framed_by)


def history(request: HttpRequest, customer: Customer, before: datetime) -> HttpResponse:
    """The fragments of what was said before a moment, as much as one page shows."""
    state = load_chat(customer.stream.pk)
    if state is None:
        raise NotFound("You have no chat yet; start one.")
    load_recent_events(state, up_to=before - timedelta(microseconds=1))
    context = draw.context(state, View.CUSTOMER, customer.stream.public_seq)
    context["older_before"] = _older_before(state)
    response = render(request, "livechat_widget/widget/history.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _older_before(state: ChatState) -> str:
    """The time of the oldest event that is shown, if there are older ones."""
    oldest = state.events[0].created_at if len(state.events) == RECENT else None
    return format_time(oldest) if oldest else ""


def _seen_by(customer: Customer) -> str:
    user = ChatUser.objects.filter(chat__customer=customer, author=customer.author_id).first()
    return format_time(user.seen_up_to) if user and user.seen_up_to else ""
