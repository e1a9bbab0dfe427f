"""Transcripts: a thread by mail, which waits in the outbox until the thread has ended."""

from datetime import timedelta

from django.utils.timezone import now

from ..conf import settings
from ..delivery import log
from ..errors import TooManyRequests, ValidationFailed
from ..models import Event, Mail, Stream, Thread
from ..protocol.forms import is_address
from . import mails
from .batch import Author
from .notes import name_of, note

_REQUESTED = "transcript_requested"


def request(stream: Stream, thread: Thread, author: Author, email: str) -> list[log.NewEntry]:
    """Ask for the thread by mail, instead of what was asked for before; gives the note of it."""
    if not is_address(email):
        raise ValidationFailed(
            "properties.routing.transcript_email: write an e-mail address,"
            " such as vera@example.org."
        )
    asked = Event.objects.filter(
        chat=thread.chat_id,
        created_at__gt=now() - timedelta(days=1),
        author="",  # customers may send notes, too, of whatever type they like
        content__system_message_type=_REQUESTED,
    )
    if asked.count() >= settings.TRANSCRIPTS_PER_DAY:
        raise TooManyRequests("A chat has only so many transcripts a day; ask again tomorrow.")
    withdraw(thread)
    mails.write(email, transcript_of=thread)
    return [note(stream, thread, _REQUESTED, customer=name_of(author), email=email)]


def withdraw(thread: Thread) -> None:
    """Forget what was asked for and is not sent yet."""
    Mail.objects.filter(transcript_of=thread).delete()
