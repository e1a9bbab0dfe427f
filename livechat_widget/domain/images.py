"""Pictures: measured, turned upright, freed of all that cameras write into them, made small.

They are drawn anew from their pixels, so nothing that hid in the file goes on: no place where it
was taken, no archive behind its end. Only an animation stays as it came; GIFs know no places.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any

from django.conf import settings as django_settings

from ..conf import settings
from ..delivery.links import THUMBNAILS
from ..errors import ValidationFailed
from .file_types import IMAGES

MOST_FRAMES = 500
# An unpacked picture may take 200 MB: a process has two of them at a time.
_unpacking = BoundedSemaphore(2)
_KEPT = ("icc_profile", "transparency")
_QUALITY = 90


@dataclass
class Picture:
    """In pixels; ``files`` are the picture, under "", and its thumbnails by their size."""

    width: int
    height: int
    files: dict[str, IO[bytes]]


def can_measure() -> bool:
    """Whether Pillow is installed."""
    return find_spec("PIL") is not None


@contextmanager
def prepare(source: IO[bytes], content_type: str) -> Iterator[Picture]:
    """The picture while the block lasts; ``ValidationFailed`` for what is none, or would burst."""
    if not can_measure():
        raise ValidationFailed("file: this site takes no pictures; send another type of file.")
    files: dict[str, IO[bytes]] = {"": source}
    try:
        with _unpacking:
            width, height = _draw(source, content_type, files)
        yield Picture(width, height, files)
    finally:
        for file in files.values():
            if file is not source:
                file.close()


def _draw(source: IO[bytes], content_type: str, files: dict[str, IO[bytes]]) -> tuple[int, int]:
    from PIL import Image, ImageOps

    kind = IMAGES[content_type]
    try:
        source.seek(0)
        with Image.open(source, formats=[kind]) as image:
            moves = _check_size(image) and kind == "GIF"
            upright = ImageOps.exif_transpose(image)
        upright.info = {name: upright.info[name] for name in _KEPT if name in upright.info}
        if not moves:
            files[""] = _save(upright, kind)
        small = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        for variant in sorted(THUMBNAILS.values(), key=int, reverse=True):
            small.thumbnail((int(variant), int(variant)))
            files[variant] = _save(small, "WEBP")
        return upright.size
    except ValidationFailed:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except Exception as error:  # decoders of hostile bytes raise whatever they like
        raise ValidationFailed("file: it cannot be read as a picture.") from error


def _check_size(image: Any) -> bool:
    """Before anything is unpacked; whether it moves."""
    width, height = image.size
    most = settings.MAX_IMAGE_PIXELS
    if width * height > most:
        raise _too_large()
    if not getattr(image, "is_animated", False):
        return False
    if image.n_frames > MOST_FRAMES or image.n_frames * width * height > 10 * most:
        raise ValidationFailed(f"file: at most {MOST_FRAMES} pictures in one; make it shorter.")
    return True


def _too_large() -> ValidationFailed:
    most = settings.MAX_IMAGE_PIXELS
    return ValidationFailed(f"file: a picture has at most {most} pixels; make it smaller.")


def _save(image: Any, kind: str) -> IO[bytes]:
    file = TemporaryFile(dir=django_settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    image.save(file, kind, quality=_QUALITY)
    return file
