"""Taking a file: what it is, whether it may be, and where it is kept."""

import logging
from contextlib import nullcontext
from typing import IO, Any

from django.core.files import File as Content
from django.db.models import Sum
from django.utils.module_loading import import_string

from ..conf import settings
from ..counters import counters
from ..delivery.database import atomic
from ..errors import (
    LivechatError,
    NotAllowed,
    ServiceUnavailable,
    TooManyRequests,
    ValidationFailed,
)
from ..models import Agent, Customer, File
from . import files, images, pace
from .file_types import IMAGES, fitting_name, sniff

_FOLDER = "livechat"
logger = logging.getLogger("livechat_widget.files")


def check_limits(uploader: Customer | Agent) -> None:
    """To be asked before a body is read. Attempts count, also those that come to nothing.

    Raises ``NotAllowed`` where the site takes no files, ``TooManyRequests``, ``ValidationFailed``
    where the customer's quota is used up.
    """
    if not settings.FILE_STORAGE:
        raise NotAllowed("This site takes no files: LIVECHAT['FILE_STORAGE'] is not set.")
    if pace.count(f"livechat_widget.uploads.{uploader.author_id}") > settings.FILES_PER_MINUTE:
        raise TooManyRequests(
            f"At most {settings.FILES_PER_MINUTE} files a minute are taken; wait a while."
        )
    _check_quota(uploader, 1)


def take(uploader: Customer | Agent, source: IO[bytes], name: str) -> File:
    """Keep the file; nobody but its uploader can get it until it is sent to a chat.

    ``source`` can be sought in. Raises ``ValidationFailed`` for what is empty, of a type that is
    not taken, no sound picture, refused by the site's scanner, or beyond the customer's quota;
    ``ServiceUnavailable`` when it cannot be kept. Nothing remains of what was refused.
    """
    try:
        file = _take(uploader, source, name)
    except LivechatError as error:
        counters.uploads[error.type] += 1
        raise
    counters.uploads["taken"] += 1
    return file


def _take(uploader: Customer | Agent, source: IO[bytes], name: str) -> File:
    if not _size_of(source):
        raise ValidationFailed("file: it is empty.")
    content_type = sniff(source)
    if content_type not in settings.FILE_TYPES:
        taken = ", ".join(settings.FILE_TYPES)
        raise ValidationFailed(f"file: {content_type} is not taken here; these are: {taken}.")
    prepared = (
        images.prepare(source, content_type)
        if content_type in IMAGES
        else nullcontext(images.Picture(0, 0, {"": source}))
    )
    with prepared as picture:
        file = _reserve(
            uploader,
            name=fitting_name(name, content_type),
            content_type=content_type,
            size=_size_of(picture.files[""]),
            width=picture.width or None,
            height=picture.height or None,
        )
        try:
            _store(file, picture.files)
            _scan(file)
        except BaseException:
            _drop(file)
            raise
    return file


@atomic
def _reserve(uploader: Customer | Agent, **known: Any) -> File:
    """The row comes before the bytes: those of a process that is killed are found by it."""
    if isinstance(uploader, Customer):  # whose uploads wait for each other here, and are counted
        Customer.objects.select_for_update().filter(pk=uploader.pk).first()
    _check_quota(uploader, known["size"])
    file = File(organization_id=uploader.organization_id, uploader=uploader.author_id, **known)
    file.save(force_insert=True)
    return file


def _check_quota(uploader: Customer | Agent, size: int) -> None:
    if not isinstance(uploader, Customer):
        return
    own = File.objects.filter(uploader=uploader.author_id)
    used = own.aggregate(used=Sum("size"))["used"] or 0
    if used + size > settings.FILE_QUOTA_BYTES:
        most = settings.FILE_QUOTA_BYTES
        raise ValidationFailed(f"file: yours may have {most} bytes together, and have {used}.")


def _store(file: File, parts: dict[str, IO[bytes]]) -> None:
    """Under names that nobody can guess, and that say nothing of the type."""
    names = {variant: f"{_FOLDER}/{file.pk.hex}{variant and '-'}{variant}" for variant in parts}
    File.objects.filter(pk=file.pk).update(paths=names)
    file.paths = names
    try:
        for variant, part in parts.items():
            part.seek(0)
            file.paths[variant] = files.storage().save(names[variant], Content(part))
    except Exception as error:  # the storage's own: a full disk, a bucket that is away
        logger.exception("File %s could not be kept", file.pk)
        raise ServiceUnavailable("The file could not be kept; try again later.") from error
    _set(file, paths=file.paths)


def _scan(file: File) -> None:
    """The site's own word. Where it does not come, the file is not taken."""
    scan = import_string(settings.FILE_SCANNER) if settings.FILE_SCANNER else lambda file: None
    verdict = scan(file)
    if verdict is None:
        _set(file, status=File.Status.READY)
        return
    if verdict == "quarantine":
        _set(file, status=File.Status.QUARANTINED)
    elif verdict != "refuse":
        raise TypeError(f"FILE_SCANNER gave {verdict!r}; None, 'refuse' or 'quarantine' are known.")
    raise ValidationFailed("file: this site does not take it; it was found to be harmful.")


def _drop(file: File) -> None:
    if file.status == File.Status.QUARANTINED:
        return
    try:
        files.remove([file])
    except Exception:  # the timed job finds it by its row
        logger.exception("File %s could not be removed; it is tried again.", file.pk)


def _set(file: File, **values: Any) -> None:
    File.objects.filter(pk=file.pk).update(**values)
    for name, value in values.items():
        setattr(file, name, value)


def _size_of(file: IO[bytes]) -> int:
    return file.seek(0, 2)
