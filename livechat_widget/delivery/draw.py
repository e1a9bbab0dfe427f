"""HTML of pushes: one template per push and view, in the reader's language, without queries."""

from functools import cache
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _

from ..models import ChatUser, Event, StreamEntry
from ..protocol.times import format_time
from ..protocol.views import View
from . import present
from .state import ChatState

# A badge counts no further.
MOST_COUNTED = 10
_FOLDERS = {View.CUSTOMER: "widget", View.AGENT: "console"}


def fragment(entry: StreamEntry, state: ChatState, view: View, language: str) -> str:
    """The out-of-band fragments of a push; empty when it has nothing to draw."""
    name = f"livechat_widget/{_FOLDERS[view]}/pushes/{entry.action}.html"
    try:
        template = get_template(name)
    except TemplateDoesNotExist:
        return ""
    with translation.override(language):
        html = template.render(
            {**context(state, view), "entry": entry, **_item(entry, state, view)}
        )
    return str.__str__(html)  # the encoder takes no subclass of str, which SafeString is


def context(state: ChatState, view: View) -> dict[str, Any]:
    """What the templates of a chat may show, the same for everybody with this view.

    Templates call functions: what most pushes do not show is made only where one asks for it.
    """
    thread = state.thread
    return {
        "chat": state.chat,
        "thread": thread,
        "customer": cache(lambda: card(state.customer.author_id, state)),
        "customer_email": state.customer.email,
        "page": state.customer.page,
        "items": cache(lambda: [item(row, state, view) for row in state.events_for(view)]),
        "last": cache(lambda: _last_message(state, view)),
        "said_at": cache(lambda: _said_at(state)),
        "agents": cache(lambda: [card(user.author, state) for user in state.agents]),
        "active": thread.active,
        "started_at": cache(lambda: format_time(thread.created_at)),
        "waiting": thread.active and not state.agents,
        "online": state.online,
        "seen_up_to": cache(lambda: _seen_by_other_side(state, view)),
    }


def item(row: Event, state: ChatState, view: View) -> dict[str, Any]:
    """An event with its author's card: what ``events/<type>.html`` draws."""
    return {
        "event": present.event(row, state, view),
        "type": row.type,
        "author": card(row.author, state),
    }


def card(author: str, state: ChatState) -> dict[str, str]:
    """Name, avatar, job title, kind (customer, agent or system), id and seen mark of an author."""
    user = state.by_author.get(author)
    if user is None:
        return {"id": "", "name": "", "avatar": "", "job_title": "", "kind": "system"}
    common = {"id": author, "seen_up_to": format_time(user.seen_up_to) if user.seen_up_to else ""}
    if user.agent is None:
        customer = state.customer
        name = customer.name or customer.email or _("Visitor")
        own = {"name": name, "avatar": customer.avatar, "job_title": "", "kind": "customer"}
    else:
        agent = user.agent
        own = {
            "name": agent.name,
            "avatar": agent.avatar,
            "job_title": agent.job_title,
            "kind": "agent",
        }
    return {**common, **own}


def _item(entry: StreamEntry, state: ChatState, view: View) -> dict[str, Any]:
    return {"item": item(entry.event, state, view)} if entry.event else {}


def _last_message(state: ChatState, view: View) -> dict[str, Any] | None:
    """What somebody said last; what the system noted since does not hide it."""
    rows = (row for row in reversed(state.events_for(view)) if row.type != "system_message")
    row = next(rows, None)
    return item(row, state, view) if row else None


def _said_at(state: ChatState) -> list[str]:
    """When the customer said the last things of the thread, for counting what is unread."""
    rows = [
        row
        for row in state.events
        if row.thread_id == state.thread.pk and row.author == state.customer.author_id
    ]
    return [format_time(row.created_at) for row in rows[-MOST_COUNTED:]]


def _seen_by_other_side(state: ChatState, view: View) -> str:
    others: list[ChatUser] = [
        user for user in state.users if bool(user.agent) == (view is View.CUSTOMER)
    ]
    times = [user.seen_up_to for user in others if user.seen_up_to]
    return format_time(max(times)) if times else ""
