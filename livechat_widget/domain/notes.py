"""What the system says in a chat, by type; the variables are kept beside the text."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..delivery import log
from ..models import Agent, Customer, Event, Stream, Thread

_NOBODY_LEFT = gettext_lazy("The chat ended: %(agent)s left, and nobody else is available")
_HANDED_OVER = gettext_lazy("%(agent_added)s takes over from %(agent_removed)s")
_BACK_IN_QUEUE = gettext_lazy("%(agent)s left; somebody else will be with you soon")

# The names of the variables in a text are those that the type has on the wire.
TEXTS = {
    "agent_added": gettext_lazy("%(initiator)s added %(agent)s to the chat"),
    "agent_joined": gettext_lazy("%(agent)s joined the chat"),
    "agent_left": gettext_lazy("%(agent)s left the chat"),
    "agent_removed": gettext_lazy("%(initiator)s removed %(agent)s from the chat"),
    "archived_customer_disconnected": gettext_lazy(
        "The chat ended because %(customer)s left the site"
    ),
    "chat_transferred": gettext_lazy("%(initiator)s transferred the chat to %(targets)s"),
    "customer_added": gettext_lazy("%(initiator)s added %(customer)s to the chat"),
    "customer_banned": gettext_lazy("%(agent)s ended the chat with a ban (days: %(duration)s)"),
    "customer_removed": gettext_lazy("%(initiator)s removed %(customer)s from the chat"),
    "customer_updated": gettext_lazy("The visitor's details were updated"),
    "manual_archived_agent": gettext_lazy("%(agent)s ended the chat"),
    "manual_archived_customer": gettext_lazy("%(customer)s ended the chat"),
    "rating.chat_commented": gettext_lazy("%(customer)s commented on the chat: %(comment)s"),
    "rating.chat_rated": gettext_lazy("%(customer)s rated the chat: %(score)s"),
    "rating.chat_rating_canceled": gettext_lazy("%(customer)s withdrew the rating"),
    "routing.archived_deleted": _NOBODY_LEFT,
    "routing.archived_disconnected": _NOBODY_LEFT,
    "routing.archived_inactive": gettext_lazy(
        "The chat ended because nobody wrote anything (minutes: %(duration)s)"
    ),
    "routing.archived_offline": gettext_lazy("The chat ended: nobody is available"),
    "routing.archived_other": gettext_lazy("The chat ended"),
    "routing.archived_remotely_signed_out": _NOBODY_LEFT,
    "routing.archived_signed_out": _NOBODY_LEFT,
    "routing.assigned_deleted": _HANDED_OVER,
    "routing.assigned_disconnected": _HANDED_OVER,
    "routing.assigned_inactive": gettext_lazy(
        "%(agent_added)s takes over: %(agent_removed)s did not answer (minutes: %(duration)s)"
    ),
    "routing.assigned_other": gettext_lazy("Somebody else takes over the chat"),
    "routing.assigned_remotely_signed_out": _HANDED_OVER,
    "routing.assigned_signed_out": _HANDED_OVER,
    "routing.idle": gettext_lazy("Nobody has written anything for a while (minutes: %(duration)s)"),
    "routing.unassigned_deleted": _BACK_IN_QUEUE,
    "routing.unassigned_disconnected": _BACK_IN_QUEUE,
    "routing.unassigned_other": gettext_lazy("Somebody else will be with you soon"),
    "routing.unassigned_remotely_signed_out": _BACK_IN_QUEUE,
    "routing.unassigned_signed_out": _BACK_IN_QUEUE,
    "system_archived": gettext_lazy("The chat was moved and ended"),
    "transcript_requested": gettext_lazy("%(customer)s asked for a transcript to %(email)s"),
    "transcript_sent": gettext_lazy("The transcript was sent to %(email)s"),
}
_SCORES = {"0": gettext_lazy("bad"), "1": gettext_lazy("good")}


def note(stream: Stream, thread: Thread, note_type: str, **variables: str) -> log.NewEntry:
    """Write a system message, to be appended to the log by the caller."""
    row = Event.objects.create(
        chat_id=thread.chat_id,
        thread=thread,
        type="system_message",
        content={
            "text": TEXTS[note_type] % _spoken(variables),
            "system_message_type": note_type,
            "text_vars": variables,
        },
        created_at=log.next_time(stream),
    )
    return log.NewEntry("incoming_event", event=row)


def name_of(author: Customer | Agent) -> str:
    """How a note calls somebody."""
    if isinstance(author, Agent):
        return author.name
    return author.name or author.email or _("Visitor")


def _spoken(variables: dict[str, str]) -> dict[str, Any]:
    """As people say it: a score has a word."""
    score = variables.get("score", "")
    return {**variables, "score": _SCORES.get(score, score)}
