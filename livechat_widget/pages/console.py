"""The console: the page, one chat of it, and news for where there is no socket."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_GET
from msgspec import Meta, Struct

from ..conf import settings
from ..delivery import agents as desks
from ..delivery import draw, encode, log
from ..delivery.agents import Desk
from ..delivery.encode import Encoding
from ..delivery.epoch import read_epoch
from ..delivery.state import load_chat, load_chats, load_last_events, load_recent_events
from ..domain import census
from ..errors import NotAllowed, NotFound, OrganizationNotFound
from ..models import Agent, Chat
from ..protocol.fields import Id
from ..protocol.times import format_time
from ..protocol.versions import LATEST
from ..protocol.views import View
from .agent_doors import agent_door, agent_of, read_json
from .news import join_frames
from .policy import protect_console

# A poll brings at most about this many pushes; the next one goes on from there.
MOST_NEWS = 500


@require_GET
def show(request: HttpRequest, admin: dict[str, Any]) -> HttpResponse:
    """The page within the frame of the admin, whose context is ``admin``."""
    try:
        agent = agent_of(request)
    except (NotAllowed, OrganizationNotFound) as refusal:
        context = {**admin, "title": "", "message": refusal.message}
        return render(request, "livechat_widget/console/refused.html", context, status=403)
    context = {
        **admin,
        # The list of chats needs the width, and the breadcrumbs lead back.
        "is_nav_sidebar_enabled": False,
        "agent": agent,
        "me": agent.login,
        "epoch": read_epoch(),
        "language": get_language(),
        "now": format_time(now()),
        "socket_url": reverse("livechat_widget:console_socket"),
        **_list(agent),
    }
    page = render(request, "livechat_widget/console/page.html", context)
    return protect_console(request, page)


@agent_door("GET")
def show_chat(request: HttpRequest, agent: Agent, chat_id: str) -> HttpResponse:
    """One chat, as a fragment for ``#lc-panes``, drawn as things stand at its ``data-seq``."""
    chats = Chat.objects.seen_by(agent).select_related("customer__stream")
    chat = chats.filter(pk=chat_id).first()
    state = load_chat(chat.customer.stream.pk) if chat else None
    if chat is None or state is None:
        raise NotFound("There is no such chat, or it is not yours.")
    stream = chat.customer.stream
    load_recent_events(state, up_to=log.clock_time(stream))
    context = {
        **draw.context(state, View.AGENT, stream.seq),
        "takes_files": bool(settings.FILE_STORAGE),
    }
    return render(request, "livechat_widget/console/_pane.html", context)


class Held(Struct):
    """The last number that the page holds of each chat."""

    known: dict[Id, Annotated[int, Meta(ge=0)]]


@agent_door("POST")
def sync(request: HttpRequest, agent: Agent) -> HttpResponse:
    """``{"epoch", "pushes"}``: the frames that a socket would have brought."""
    asked = read_json(request, Held)
    census.renew_agent(agent)
    encoding = Encoding(View.AGENT, LATEST.name, get_language() or "en")
    epoch = read_epoch()
    news = _news(Desk(agent.pk, agent.organization_id), asked.known, encoding)
    body = join_frames(news, encoding, {"epoch": epoch})
    return HttpResponse(body, content_type="application/json")


def _news(desk: Desk, known: dict[str, int], encoding: Encoding) -> list[encode.Item]:
    numbers = desks.cursors(desk, known)
    heads = log.heads(numbers)
    news: list[encode.Item] = []
    for stream_id, number in numbers.items():
        while number < heads[stream_id].seq and len(news) < MOST_NEWS:
            page = encode.read(stream_id, View.AGENT, number, {encoding}).items
            if not page:
                break
            news += page
            number = page[-1].seq
    return news


def _list(agent: Agent) -> dict[str, Any]:
    """The open chats, each with the number of its stream that the row shows at least."""
    chats = Chat.objects.seen_by(agent).open()
    listed = chats.by_need(agent).select_related("customer__stream", "last_thread__group")
    listed = listed.defer("last_thread__decision")  # a row does not say why
    states = load_chats(listed[: desks.MOST_LISTED])
    load_last_events(states)
    rows = [draw.context(state, View.AGENT, state.customer.stream.seq) for state in states]
    return {"rows": rows, "more": chats.count() - len(rows)}
