"""Addresses of files: signed, good for one file and one kind of reader, for at most a day.

Whoever has such an address may read the file, and nothing else: it is minted where a chat is drawn
for somebody who is in it, never kept, and holds no access token.
"""

from time import time
from typing import Any, NamedTuple

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from ..conf import settings
from ..protocol.views import View

THUMBNAILS = {"thumbnail_url": "300", "thumbnail2x_url": "600"}
_SALT = "livechat_widget.file"
_HOUR = 3600
_LONGEST_HOURS = 24


class Link(NamedTuple):
    """``audience`` is a view of the chat, or the uploader of a file that is in no chat yet;
    ``variant`` a thumbnail's size in pixels, or nothing. ``expires`` in seconds since 1970."""

    file_id: str
    chat_id: str
    audience: str
    variant: str
    expires: int


def shown(content: dict[str, Any], chat_id: str, view: View) -> dict[str, Any]:
    """What is kept of a file event, as this view may see it: with addresses instead of the id."""
    if "file_id" not in content:
        return content
    file_id = content["file_id"]
    known = {name: value for name, value in content.items() if name != "file_id"}
    known["url"] = address(file_id, chat_id, view.value)
    if "width" in content:
        for name, variant in THUMBNAILS.items():
            known[name] = address(file_id, chat_id, view.value, variant)
    return known


def address(file_id: str, chat_id: str, audience: str, variant: str = "", *, site: str = "") -> str:
    """With FILE_ORIGIN or else ``site`` in front, or just a path of the page's own host.

    It is the same for an hour, so that browsers need not fetch a picture again.
    """
    expires = (int(time()) // _HOUR + _LONGEST_HOURS) * _HOUR
    token = _signer().sign_object([file_id, chat_id, audience, variant, expires])
    origin = settings.FILE_ORIGIN or site
    return f"{origin}{reverse('livechat_api:file', kwargs={'token': token})}"


def read(token: str) -> Link | None:
    """None for what is forged, garbled or too old."""
    try:
        link = Link(*_signer().unsign_object(token))
    except (BadSignature, ValueError, TypeError):
        return None
    return link if link.expires > time() else None


def _signer() -> Signer:
    return Signer(salt=_SALT)
