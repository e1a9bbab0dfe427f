"""What a file is, by its bytes alone: neither its name nor what a browser says is believed."""

import re
import unicodedata
from functools import partial
from typing import IO

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
IMAGES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
LONGEST_NAME = 120
_CHUNK = 64 * 1024
_LONGEST_LOOKED_AT = 1000

_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/zip",
    b"PK\x05\x06": "application/zip",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"\xff\xf3": "audio/mpeg",
    b"\xff\xf2": "audio/mpeg",
    b"OggS": "audio/ogg",
    b"\x1aE\xdf\xa3": "video/webm",
    b"#!": UNKNOWN,
}
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS = {b"M4A ": "audio/mp4", b"qt  ": "video/quicktime"}
_VIDEO = re.compile(rb"isom|iso[2-9]|mp4[12]|avc1|M4V |dash|3gp.|MSNV")
# Text has none of these; what is no text has them early.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# The endings that a name may have; the first is given to a name that has another.
_ENDINGS = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
    "application/zip": ("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "pages", "numbers"),
    "audio/mp4": ("m4a",),
    "audio/mpeg": ("mp3",),
    "audio/ogg": ("ogg", "oga", "ogv", "opus"),
    "audio/wav": ("wav",),
    "text/plain": ("txt", "csv", "tsv", "md", "log", "json"),
    "video/mp4": ("mp4", "m4v"),
    "video/quicktime": ("mov",),
    "video/webm": ("webm", "mkv"),
    UNKNOWN: ("bin",),
}
_FORBIDDEN = re.compile(r'[<>:"/\\|?*%]')
TYPES = frozenset(_ENDINGS)


def sniff(file: IO[bytes]) -> str:
    """One of ``TYPES``. SVG, HTML and scripts are text here, and nothing more."""
    file.seek(0)
    head = file.read(16)
    for beginning, kind in _BEGINNINGS.items():
        if head.startswith(beginning):
            return kind
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        video = "video/mp4" if _VIDEO.fullmatch(head[8:12]) else UNKNOWN
        return _BRANDS.get(head[8:12], video)
    return TEXT if _is_text(file) else UNKNOWN


def fitting_name(name: str, content_type: str) -> str:
    """A name that is safe to save under, whose ending says what the file is.

    ``run.bat`` of text becomes ``run.bat.txt``: opening it runs nothing.
    """
    last = name.replace("\\", "/").rpartition("/")[2][-_LONGEST_LOOKED_AT:]
    clean = "".join(map(_harmless, unicodedata.normalize("NFC", last)))
    clean = _FORBIDDEN.sub("_", clean).strip(" .")
    endings = _ENDINGS[content_type]
    stem, dot, ending = clean.rpartition(".")
    if not dot or ending.lower() not in endings:
        stem, ending = clean, endings[0]
    stem = stem[:LONGEST_NAME].rstrip(" .") or "file"
    return f"{stem}.{ending}"


def _harmless(character: str) -> str:
    """Controls, also those that turn the direction of writing, and halves of characters."""
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") else character


def _is_text(file: IO[bytes]) -> bool:
    file.seek(0)

    return not any(_BINARY.search(chunk) for chunk in iter(partial(file.read, _CHUNK), b""))
