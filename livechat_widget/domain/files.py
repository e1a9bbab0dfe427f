"""Files that were uploaded: found again, tied to a chat, and removed with all that is of them."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.files.storage import Storage, storages
from django.db.models import Q
from django.utils.timezone import now

from ..conf import settings
from ..delivery import links
from ..delivery.database import atomic
from ..errors import ValidationFailed
from ..models import Agent, Customer, File

UNUSED_HOURS = 24
QUARANTINE_DAYS = 30
_BATCH = 100
_NOT_OWN = (
    "event.url: not a file that you uploaded here within the last 24 hours; upload it, and send the"
    " url of the answer."
)
logger = logging.getLogger("livechat_widget.files")


def storage() -> Storage:
    """The site's own, of which only Django's Storage API is used."""
    return storages[settings.FILE_STORAGE]


def address(file: File, site: str = "") -> str:
    """For its uploader; ``site`` is the origin that was asked."""
    return links.address(file.pk.hex, "", file.uploader, site=site)


def find_own(url: str, author: Customer | Agent) -> File:
    """A file by the address that its uploader was given; raises ``ValidationFailed``."""
    try:
        link = links.read(urlsplit(url).path.rpartition("/")[2])
    except ValueError:
        link = None
    file = link and File.objects.filter(pk=UUID(link.file_id), status=File.Status.READY).first()
    if not file or file.uploader != author.author_id:
        raise ValidationFailed(_NOT_OWN)
    return file


def attach(file_id: str, chat_id: str) -> None:
    """It belongs to this chat from now on. An update with a condition, since the file may be about
    to be removed, or on its way into another chat."""
    own = Q(attached_at=None) | Q(chat=chat_id)
    ready = File.objects.filter(own, pk=UUID(file_id), status=File.Status.READY)
    if not ready.update(chat=chat_id, attached_at=now()):
        raise ValidationFailed(_NOT_OWN)


def find_shared(token: str) -> tuple[File, links.Link] | None:
    """What an address stands for: the file and its place are looked at together, so an address
    dies with the chat, and one of another chat opens nothing."""
    link = links.read(token)
    if link is None or not settings.FILE_STORAGE:
        return None
    place: dict[str, Any] = {"chat": link.chat_id} if link.chat_id else {"uploader": link.audience}
    file = File.objects.filter(pk=UUID(link.file_id), status=File.Status.READY, **place).first()
    return (file, link) if file and link.variant in file.paths else None


def remove(files: Iterable[File]) -> None:
    """Nobody gets them any more, then their bytes go, then their rows: whatever fails on the way
    is done again by the next round of ``remove_unused``."""
    for file in files:
        File.objects.filter(pk=file.pk).update(status=File.Status.GONE, chat=None)
        _erase(file)


def remove_unused() -> int:
    """A timed job: uploads that were cut, or sent to nobody for a day, and files of chats that were
    deleted. What is in quarantine stays for a month."""
    files = _find_unused() if settings.FILE_STORAGE else []
    for file in files:
        try:
            _erase(file)
        except Exception:  # the storage's own; one file that it keeps does not keep the others
            logger.exception("File %s could not be removed; it is tried again.", file.pk)
    return len(files)


@atomic
def _find_unused() -> list[File]:
    """Marked as gone under a lock: one that is being sent at this moment is left alone."""
    moment = now()
    quarantined = Q(status=File.Status.QUARANTINED)
    old = Q(created_at__lt=moment - timedelta(hours=UNUSED_HOURS))
    forgotten = Q(created_at__lt=moment - timedelta(days=QUARANTINE_DAYS))
    deleted = Q(attached_at__isnull=False) | Q(status=File.Status.GONE)
    due = (~quarantined & (old | deleted)) | (quarantined & forgotten)
    unused = File.objects.select_for_update(skip_locked=True).filter(due, chat=None)
    files = list(unused.order_by("created_at")[:_BATCH])
    File.objects.filter(pk__in=[file.pk for file in files]).update(status=File.Status.GONE)
    return files


def _erase(file: File) -> None:
    for path in file.paths.values():
        storage().delete(path)
    File.objects.filter(pk=file.pk).delete()
