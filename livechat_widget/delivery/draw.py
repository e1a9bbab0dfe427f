"""HTML of pushes: one template per push and view, in the reader's language, without queries."""

import re
from collections.abc import Callable
from html import escape
from itertools import islice
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from msgspec import to_builtins

from ..models import ChatUser, Event, StreamEntry
from ..protocol.times import format_time
from ..protocol.views import View
from . import present
from .state import ChatState
from .words import UNSAID, in_words

# A badge counts no further.
MOST_COUNTED = 10
_UNSAFE = re.compile("[&<>\"']").search
_REPLACES = {"hx-swap-oob": "true"}
_FOLDERS = {View.CUSTOMER: "widget", View.AGENT: "console"}


def fragment(entry: StreamEntry, state: ChatState, view: View, language: str) -> str:
    """The out-of-band fragments of a push; empty when it has nothing to draw."""
    name = f"livechat_widget/{_FOLDERS[view]}/pushes/{entry.action}.html"
    try:
        template = get_template(name)
    except TemplateDoesNotExist:
        return ""
    with translation.override(language):
        html = template.render({**context(state, view, entry.seq), **_item(entry, state, view)})
    return str.__str__(html)  # the encoder takes no subclass of str, which SafeString is


def context(state: ChatState, view: View, seq: int) -> dict[str, Any]:
    """What the templates of a chat may show, the same for everybody with this view, as it stands
    at this number of its stream.

    What most pushes do not show is made only where one asks for it.
    """
    thread, customer = state.thread, state.customer
    return {
        "chat": state.chat,
        "thread": thread,
        "customer": Once(lambda: card(customer.author_id, state)),
        "customer_email": customer.email,
        "page": customer.page,
        "items": Once(lambda: [item(row, state, view) for row in state.events_for(view)]),
        "last": Once(lambda: _last_said(state)),
        "agents": Once(lambda: [card(user.author, state) for user in state.agents]),
        "agent_names": Once(lambda: _names(state)),
        "row": Once(lambda: _row(state, seq)),
        "seq": str(seq),
        "active": thread.active,
        "waiting": thread.active and not state.agents,
        "online": state.online,
        "seen_up_to": Once(lambda: _seen_by_other_side(state, view)),
    }


class Once:
    """What a template may ask for, made when it does; templates call what can be called."""

    __slots__ = ("_make", "_made")

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None

    def __call__(self) -> Any:
        if self._made is None:
            self._made = self._make()
        return self._made


def item(row: Event, state: ChatState, view: View, *, replaces: bool = False) -> dict[str, Any]:
    """An event with its author's card, and what scripts and styles go by, as attributes; ``html``
    is what ``events/<type>.html`` makes of them. ``replaces``: it takes the place of the one that
    the page has."""
    event = to_builtins(present.event(row, state, view))
    author_id = event.get("author_id", "")
    author = card(row.author if author_id else "", state)
    shown = {
        "event": event,
        "author": author,
        "by": "" if author_id or not row.author else card(row.author, state)["name"],
        "thread_id": row.thread_id,
        "view": view.value,
        "attributes": _attributes(
            {
                "id": f"lc-{author_id or 'system'}-{event['id']}",
                "data-author": author_id,
                "data-kind": author["kind"],
                "data-created-at": event["created_at"],
                **(_REPLACES if replaces else {}),
            }
        ),
    }
    return {**shown, "html": Once(lambda: _render(f"events/{row.type}.html", shown))}


def card(author: str, state: ChatState) -> dict[str, Any]:
    """Name, avatar, job title, kind (customer, agent or system) and id of an author, and the face
    that goes with them. The same for as long as the state is."""
    key = (author, translation.get_language() or "")
    if key not in state.cards:
        made = _card(author, state)
        made["face"] = Once(lambda: _render("widget/_avatar.html", made))
        state.cards[key] = made
    return state.cards[key]


def _card(author: str, state: ChatState) -> dict[str, Any]:
    user = state.by_author.get(author)
    if user is None:
        return {"id": "", "name": "", "avatar": "", "job_title": "", "kind": "system"}
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
    return {"id": author, **own}


def _render(name: str, values: dict[str, Any]) -> str:
    return get_template(f"livechat_widget/{name}").render(values)


def _item(entry: StreamEntry, state: ChatState, view: View) -> dict[str, Any]:
    if entry.action == "event_deleted":
        author = present.author_id(entry.payload["author"], state, view)
        return {"gone": f"lc-{author or 'system'}-{entry.payload['event_id']}"}
    if entry.event is None:
        return {}
    replaces = entry.action != "incoming_event"
    return {"item": item(entry.event, state, view, replaces=replaces)}


def _row(state: ChatState, seq: int) -> str:
    """What the console's list goes by. The same for every agent: whose chat it is, and how much is
    unread, is told by the page's script."""
    chat, last = state.chat, _last_said(state)
    return _attributes(
        {
            "id": f"lc-row-{chat.pk}",
            "data-chat": chat.pk,
            "data-customer": state.customer.author_id,
            "data-seq": str(seq),
            "data-active": "true" if state.thread.active else "false",
            "data-agents": " ".join(user.author for user in state.agents),
            "data-seen": " ".join(map(_seen_by, state.agents)),
            "data-said": _said_at(state),
            "data-since": format_time(state.thread.created_at),
            "data-last-at": last.get("created_at", ""),
            "data-last-kind": last.get("kind", ""),
        }
    )


def _attributes(values: dict[str, str]) -> SafeString:
    """Attributes of an element; here, since a template would take three times as long."""
    # Names are ours, values are escaped; looking first is much cheaper than escaping.
    escaped = ((name, escape(v) if _UNSAFE(v) else v) for name, v in values.items())
    return mark_safe(" ".join(f'{name}="{value}"' for name, value in escaped))


def _last_said(state: ChatState) -> dict[str, str]:
    """What one side said to the other last; neither what the system noted since hides it, nor what
    agents said to each other."""
    public = (row for row in reversed(state.events) if row.visibility == Event.Visibility.ALL)
    row = next((row for row in public if row.type not in UNSAID), None)
    if row is None:
        return {}
    return {
        "text": in_words(row),
        "created_at": format_time(row.created_at),
        "kind": card(row.author, state)["kind"],
    }


def _said_at(state: ChatState) -> str:
    """When the customer said the last things of the thread, for counting what is unread."""
    thread, author = state.thread.pk, state.customer.author_id
    newest = (
        format_time(row.created_at)
        for row in reversed(state.events)
        if row.thread_id == thread and row.author == author and row.type not in UNSAID
    )
    return " ".join([*islice(newest, MOST_COUNTED)][::-1])


def _names(state: ChatState) -> str:
    return ", ".join(user.agent.name for user in state.agents if user.agent)


def _seen_by(user: ChatUser) -> str:
    return f"{user.author}={format_time(user.seen_up_to) if user.seen_up_to else ''}"


def _seen_by_other_side(state: ChatState, view: View) -> str:
    others: list[ChatUser] = [
        user for user in state.users if bool(user.agent) == (view is View.CUSTOMER)
    ]
    times = [user.seen_up_to for user in others if user.seen_up_to]
    return format_time(max(times)) if times else ""
