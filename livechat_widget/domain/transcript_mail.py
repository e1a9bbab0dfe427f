"""The mail of a transcript: text and HTML, in the customer's language, from templates."""

from typing import Any

from django.conf import settings as django_settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from ..delivery.draw import card
from ..delivery.state import ChatState, load_chats
from ..delivery.words import in_words
from ..models import Chat, Event, Thread

MOST_EVENTS = 1000
_FOLDER = "livechat_widget/mail"


def compose(thread: Thread) -> EmailMultiAlternatives:
    """What customers may see of the thread; the beginning of a very long one is left out."""
    language = thread.chat.customer.language or django_settings.LANGUAGE_CODE
    with translation.override(language):
        context = _context(thread)
        mail = EmailMultiAlternatives(
            # A name may have line ends, by which a header could become two.
            subject=" ".join(
                render_to_string(f"{_FOLDER}/transcript_subject.txt", context).split()
            ),
            body=render_to_string(f"{_FOLDER}/transcript.txt", context),
        )
        html = render_to_string(f"{_FOLDER}/transcript.html", context)
        mail.attach_alternative(html, "text/html")
    return mail


def _context(thread: Thread) -> dict[str, Any]:
    chats = Chat.objects.select_related("customer", "last_thread__group")
    state = load_chats([chats.get(pk=thread.chat_id)])[0]
    seen = Event.objects.filter(thread=thread, visibility=Event.Visibility.ALL)
    newest = list(seen.order_by("-created_at")[: MOST_EVENTS + 1])
    return {
        "organization": thread.chat.organization,
        "thread": thread,
        "zone": timezone.get_current_timezone_name(),
        "shortened": len(newest) > MOST_EVENTS,
        "lines": [_line(row, state) for row in newest[:MOST_EVENTS][::-1] if in_words(row)],
        "language": translation.get_language(),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }


def _line(row: Event, state: ChatState) -> dict[str, Any]:
    return {
        "author": card(row.author, state)["name"],
        "type": row.type,
        "text": in_words(row),
        "created_at": row.created_at,
    }
