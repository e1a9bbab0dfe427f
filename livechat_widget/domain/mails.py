"""Mails: written down with what they are about, and sent by the ticker afterwards."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.utils.timezone import now

from ..models import Mail

logger = logging.getLogger("livechat_widget.mails")

MOST_ATTEMPTS = 10  # with the pauses between them some four hours
_FIRST_PAUSE = timedelta(seconds=30)
_BATCH = 20
_TIMEOUT_SECONDS = 10


def write(to: str, subject: str, body: str, reply_to: str = "") -> Mail:
    """A mail that is sent once the caller's transaction is committed. Headers are one line each."""
    return Mail.objects.create(
        to=one_line(to, 254),
        reply_to=one_line(reply_to, 500),
        subject=one_line(subject, 255),
        body=body,
        due_at=now(),
    )


def one_line(text: str, longest: int) -> str:
    """Without line ends and other control characters, by which a header could become two."""
    printable = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(printable.split())[:longest].strip()


def send_due() -> int:
    """Send what is due; gives the number. The first failure ends the round.

    So a mail server that does not answer is waited for once, not once for every mail.
    """
    mails = list(Mail.objects.filter(due_at__lte=now()).order_by("due_at")[:_BATCH])
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
        EmailMessage(
            subject=mail.subject,
            body=mail.body,
            to=[mail.to],
            reply_to=[mail.reply_to] if mail.reply_to else None,
            connection=connection,
        ).send()
    except Exception as error:  # a backend may fail in any way it likes
        logger.warning("Mail %s could not be sent: %r", mail.pk, error)
        Mail.objects.filter(pk=mail.pk).update(error=repr(error)[:500])
        return False
    Mail.objects.filter(pk=mail.pk).delete()
    return True
