"""Transcripts: a thread as a mail, once it has ended.

A request is a row. Whoever sends it takes it first, with the time of the next attempt: a process
that dies meanwhile leaves it to be tried again. Only one that dies between the mail server's
word and its own commit sends a second copy, which then has the same Message-ID.
"""

import logging
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.timezone import now

from ..conf import settings
from ..delivery import log
from ..delivery.database import atomic
from ..errors import TooManyRequests, ValidationFailed
from ..models import Stream, Thread, Transcript
from . import alarm, transcript_mail
from .batch import Author
from .notes import name_of, note

logger = logging.getLogger("livechat_widget.transcripts")

MOST_ATTEMPTS = 5
_BATCH = 20
_FIRST_PAUSE = timedelta(minutes=1)
_Status = Transcript.Status


def request(stream: Stream, thread: Thread, author: Author, email: str) -> list[log.NewEntry]:
    """Ask for the thread by mail, instead of what was asked for before; gives the note of it."""
    _check_address(email)
    moment = now()
    asked = Transcript.objects.filter(
        thread__chat=thread.chat_id, requested_at__gt=moment - timedelta(days=1)
    )
    if asked.count() >= settings.TRANSCRIPTS_PER_DAY:
        raise TooManyRequests("A chat has only so many transcripts a day; ask again tomorrow.")
    withdraw(thread)
    Transcript.objects.create(thread=thread, email=email, requested_at=moment, due_at=moment)
    if not thread.active:
        alarm.set_off()
    return [note(stream, thread, "transcript_requested", customer=name_of(author), email=email)]


def withdraw(thread: Thread) -> None:
    """Forget what was asked for and is not sent yet."""
    waiting = Transcript.objects.filter(thread=thread, status=_Status.WAITING)
    waiting.update(status=_Status.WITHDRAWN)


def send_due() -> int:
    """Mail what was asked for of threads that have ended; gives how many were sent."""
    sent = 0
    for _turn in range(_BATCH):
        transcript = _take()
        if transcript is None:
            break
        sent += _send(transcript)
    return sent


@atomic
def _take() -> Transcript | None:
    """One that is due; for anybody else it is due again only after a pause."""
    moment = now()
    due = Transcript.objects.filter(status=_Status.WAITING, due_at__lte=moment)
    due.filter(attempts__gte=MOST_ATTEMPTS).update(status=_Status.FAILED)
    free = due.filter(thread__active=False).select_for_update(of=("self",), skip_locked=True)
    transcript = free.order_by("due_at").first()
    if transcript is not None:
        transcript.due_at = moment + _FIRST_PAUSE * 4**transcript.attempts
        transcript.attempts += 1
        transcript.save(update_fields=["due_at", "attempts"])
    return transcript


def _send(transcript: Transcript) -> bool:
    thread = Thread.objects.select_related("chat__customer", "chat__organization").get(
        pk=transcript.thread_id
    )
    try:
        transcript_mail.compose(transcript, thread).send()
    except Exception as error:  # whatever a mail backend may raise
        logger.warning("The transcript %s could not be sent: %r", transcript.pk, error)
        transcript.problem = repr(error)[:500]
        given_up = transcript.attempts >= MOST_ATTEMPTS
        transcript.status = _Status.FAILED if given_up else _Status.WAITING
        transcript.save(update_fields=["problem", "status"])
        return False
    _note_sent(transcript, thread)
    return True


@atomic
def _note_sent(transcript: Transcript, thread: Thread) -> None:
    stream = log.lock(customer__chat=thread.chat_id)
    transcript.status, transcript.sent_at, transcript.problem = _Status.SENT, now(), ""
    transcript.save(update_fields=["status", "sent_at", "problem"])
    words = {"customer": name_of(thread.chat.customer), "email": transcript.email}
    log.append(stream, note(stream, thread, "transcript_sent", **words))


def _check_address(email: str) -> None:
    """Quoted names may hold anything, so there are none: the address goes into a header."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationFailed("properties.routing.transcript_email: no e-mail address.") from error
    if '"' in email or not email.isprintable() or len(email) > 254:
        raise ValidationFailed("properties.routing.transcript_email: no plain e-mail address.")
