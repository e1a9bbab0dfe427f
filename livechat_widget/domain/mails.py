"""Mails: written down with what they are about, and sent by the timed jobs afterwards.

Whoever sends one claims it first, with the time of the next attempt: a process that dies meanwhile
leaves it to be tried again. Only one that dies between the mail server's word and its own commit
sends a second copy, which then has the same Message-ID.
"""

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings as django_settings
from django.core.mail import EmailMessage, get_connection
from django.utils.timezone import now

from ..delivery import log
from ..delivery.database import atomic
from ..models import Mail, Thread
from . import alarm, transcript_mail
from .notes import name_of, note

logger = logging.getLogger("livechat_widget.mails")

MOST_ATTEMPTS = 10  # with the pauses between them some four hours
_FIRST_PAUSE = timedelta(seconds=30)
_BATCH = 20
_TIMEOUT_SECONDS = 10


def write(
    to: str,
    subject: str = "",
    body: str = "",
    reply_to: str = "",
    transcript_of: Thread | None = None,
) -> Mail:
    """A mail that is sent once the caller's transaction is committed. Headers are one line each.

    A transcript waits for the end of its thread; its subject and text are made then.
    """
    mail = Mail.objects.create(
        to=one_line(to, 254),
        reply_to=one_line(reply_to, 500),
        subject=one_line(subject, 255),
        body=body,
        transcript_of=transcript_of,
        due_at=now(),
    )
    alarm.set_off()
    return mail


def one_line(text: str, longest: int) -> str:
    """Without line ends and other control characters, by which a header could become two."""
    printable = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(printable.split())[:longest].strip()


def send_due() -> int:
    """Send what is due; gives the number. The first failure ends the round.

    So a mail server that does not answer is waited for once, not once for every mail.
    """
    due = Mail.objects.filter(due_at__lte=now()).exclude(transcript_of__active=True)
    chat = "transcript_of__chat"
    due = due.select_related(f"{chat}__customer", f"{chat}__organization")
    mails = list(due.order_by("due_at")[:_BATCH])
    connection = _connect() if mails else None
    sent = 0
    for mail in mails:
        if not _claim(mail):
            continue
        if not _send(mail, connection):
            break
        sent += 1
    return sent


def _connect() -> Any:
    connection: Any = get_connection()
    if getattr(connection, "timeout", 0) is None:  # SMTP without EMAIL_TIMEOUT waits for ever
        connection.timeout = _TIMEOUT_SECONDS
    return connection


def _claim(mail: Mail) -> bool:
    """Before it is sent: whoever else looks at it now, or after a crash at once, leaves it."""
    mine = Mail.objects.filter(pk=mail.pk, attempts=mail.attempts)
    return bool(mine.update(attempts=mail.attempts + 1, due_at=_next_attempt(mail)))


def _next_attempt(mail: Mail) -> datetime | None:
    if mail.attempts + 1 >= MOST_ATTEMPTS:
        return None
    return now() + _FIRST_PAUSE * (1 << mail.attempts)


def _send(mail: Mail, connection: Any) -> bool:
    try:
        message = _compose(mail)
        message.connection = connection
        message.send()
    except Exception as error:  # a backend, or a template of the site's, may fail in any way
        logger.warning("Mail %s could not be sent: %r", mail.pk, error)
        Mail.objects.filter(pk=mail.pk).update(error=repr(error)[:500])
        return False
    _take_out(mail)
    return True


def _compose(mail: Mail) -> EmailMessage:
    if mail.transcript_of:
        message: EmailMessage = transcript_mail.compose(mail.transcript_of)
        message.subject = one_line(str(message.subject), 255)
    else:
        message = EmailMessage(subject=mail.subject, body=mail.body)
    message.to = [mail.to]
    message.reply_to = [mail.reply_to] if mail.reply_to else []
    domain = parseaddr(django_settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message.extra_headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<{mail.pk}@{domain}>",
    }
    return message


@atomic
def _take_out(mail: Mail) -> None:
    """It is sent; of a transcript the chat is told."""
    thread = mail.transcript_of
    if thread:
        stream = log.lock(customer__chat=thread.chat_id)
        words = {"customer": name_of(thread.chat.customer), "email": mail.to}
        log.append(stream, note(stream, thread, "transcript_sent", **words))
    Mail.objects.filter(pk=mail.pk).delete()
