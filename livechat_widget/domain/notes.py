"""What the system says in a chat, by type; the variables are kept beside the text."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..delivery import log
from ..models import Agent, Customer, Event, Stream, Thread

TEXTS = {
    "agent_joined": gettext_lazy("%(agent)s joined the chat"),
    "customer_updated": gettext_lazy("The visitor's details were updated"),
    "manual_archived_agent": gettext_lazy("%(agent)s ended the chat"),
    "manual_archived_customer": gettext_lazy("%(customer)s ended the chat"),
}


def note(stream: Stream, thread: Thread, note_type: str, **variables: str) -> log.NewEntry:
    """Write a system message, to be appended to the log by the caller."""
    row = Event.objects.create(
        chat_id=thread.chat_id,
        thread=thread,
        type="system_message",
        content={
            "text": TEXTS[note_type] % variables,
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
