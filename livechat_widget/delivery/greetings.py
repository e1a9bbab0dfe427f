"""Greetings on the wire, and the agents in whose name they are."""

import copy
from typing import Any

import msgspec
from django.template.loader import render_to_string
from django.utils.html import format_html
from msgspec import UNSET

from ..models import Agent, Greeting
from ..protocol import objects
from ..protocol.times import format_time
from ..protocol.views import View
from . import present


def describe_host(row: Agent) -> objects.Host:
    """An agent whom a customer is told of outside a chat."""
    return objects.Host(
        id=present.agent_id(row, View.CUSTOMER),
        name=row.name,
        avatar=row.avatar,
        job_title=row.job_title,
    )


def reference_to(row: Greeting) -> dict[str, Any]:
    """The properties, of the namespace lc2, of what came of a greeting."""
    return {"greeting_id": row.template_id, "greeting_unique_id": row.pk}


def describe(row: Greeting, *, first_time: bool) -> objects.Greeting:
    """As customers see it; ``first_time``: it has not been shown before."""
    template = row.template
    said: dict[str, Any] = (
        {"type": "rich_message", **template.rich_message}
        if template.rich_message
        else {"type": "message", "text": template.text}
    )
    if row.pressed:
        said = _press(said, set(row.pressed), str(row.customer_id))
    event = {
        **said,
        "id": f"{row.pk}_1",
        "author_id": present.agent_id(row.agent, View.CUSTOMER),
        "created_at": format_time(row.created_at),
        "properties": {"lc2": reference_to(row)},
    }
    return objects.Greeting(
        id=template.pk,
        unique_id=row.pk,
        displayed_first_time=first_time,
        accepted=row.accepted,
        addon=template.addon or UNSET,
        subtype=template.subtype,
        event=msgspec.convert(event, objects.GreetingEvent),
        agent=describe_host(row.agent),
    )


def _press(said: dict[str, Any], pressed: set[str], user: str) -> dict[str, Any]:
    """The rich message with the customer in the buttons that were pressed."""
    said = copy.deepcopy(said)
    for element in said["elements"]:
        for button in element.get("buttons", ()):
            if button["postback_id"] in pressed:
                button["user_ids"] = [user]
    return said


def draw(row: Greeting) -> str:
    """As an event of a chat is drawn, in the language of now; its buttons belong to no thread."""
    described = msgspec.to_builtins(describe(row, first_time=False))
    event, host = described["event"], {**described["agent"], "kind": "agent"}
    host["face"] = render_to_string("livechat_widget/widget/_avatar.html", host)
    drawn = {
        "event": event,
        "author": host,
        "thread_id": "",
        "view": View.CUSTOMER.value,
        "attributes": format_html(
            'id="lc-greeting" data-author="{}" data-kind="agent" data-created-at="{}"',
            host["id"],
            event["created_at"],
        ),
    }
    return render_to_string(f"livechat_widget/events/{event['type']}.html", drawn)
