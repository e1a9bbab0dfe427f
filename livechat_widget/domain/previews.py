"""What stands at an address that somebody wrote: its title, a description, a picture."""

import codecs
import hashlib
import re
import threading
from dataclasses import asdict, dataclass
from email.message import Message
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.core.cache import cache

from ..conf import settings
from ..errors import NotFound, ServiceUnavailable, TooManyRequests, ValidationFailed
from ..models import Customer
from . import pace
from .urls import check, is_public

if TYPE_CHECKING:
    from .fetcher import Page

# What was there, and that nothing was, is remembered for so long.
_SECONDS, _NOTHING_SECONDS = 3600, 300
_MOST_AT_ONCE = 2
_LONGEST_TITLE, _LONGEST_DESCRIPTION = 300, 1000
_LARGEST_PICTURE = 20_000
# What browsers read pages by; others are no text, or were made to confuse.
_CHARSETS = re.compile(
    r"utf-8|us-ascii|iso-8859-\d{1,2}|windows-125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis"
    r"|euc-jp|iso-2022-jp|euc-kr|utf-16"
)
_fetching = threading.BoundedSemaphore(_MOST_AT_ONCE)


@dataclass(frozen=True)
class Preview:
    """``image_url`` is one of http or https; what is unknown is empty, or 0."""

    title: str = ""
    description: str = ""
    image_url: str = ""
    image_width: int = 0
    image_height: int = 0


def find(customer: Customer, url: str) -> Preview:
    """Off unless LINK_PREVIEWS is set. Raises ``NotFound``, ``ValidationFailed`` for what is no
    address of a page, ``TooManyRequests``, and ``ServiceUnavailable`` while others are fetched."""
    if not settings.LINK_PREVIEWS:
        raise NotFound("Link previews are switched off on this site.")
    check(url)
    key = f"livechat.preview.{hashlib.sha256(url.encode()).hexdigest()}"
    known = cache.get(key)
    if known is None:
        _count(customer)
        known = _look(url)
        cache.set(key, known, _SECONDS if known else _NOTHING_SECONDS)
    return Preview(**known)


def _count(customer: Customer) -> None:
    """Only what is fetched counts."""
    count = pace.count(f"livechat.previews.{customer.pk}")
    if count > settings.PREVIEWS_PER_MINUTE:
        raise TooManyRequests(f"At most {settings.PREVIEWS_PER_MINUTE} new addresses a minute.")


def _look(url: str) -> dict[str, Any]:
    """Empty where nothing can be said of it."""
    from . import fetcher  # not there where nothing is fetched

    # A stranger decides how long this takes: it must not hold every thread.
    if not _fetching.acquire(blocking=False):
        raise ServiceUnavailable(data={"retry_after_ms": 1000})
    try:
        return asdict(read(fetcher.fetch(url)))
    except fetcher.Unreachable:
        return {}
    finally:
        _fetching.release()


def read(page: "Page") -> Preview:
    head = _Head()
    head.feed(page.body.decode(_charset(page), "replace"))
    found = head.found
    image = found.get("og:image", "")
    return Preview(
        title=_line(found.get("og:title") or found.get("title", ""), _LONGEST_TITLE),
        description=_line(
            found.get("og:description") or found.get("description", ""), _LONGEST_DESCRIPTION
        ),
        image_url=_picture(page.url, image) if image else "",
        image_width=_pixels(found.get("og:image:width", "")),
        image_height=_pixels(found.get("og:image:height", "")),
    )


class _Head(HTMLParser):
    """Title and meta elements up to the body; what comes first counts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._in_title = False
        self._is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_over = self._is_over or tag == "body"
        self._in_title = tag == "title" and "title" not in self.found
        if tag == "meta" and not self._is_over:
            given = {name: value or "" for name, value in attrs}
            name = (given.get("property") or given.get("name") or "").strip().lower()
            if name and len(self.found) < 100:
                self.found.setdefault(name, given.get("content", "")[:4000])

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and not self._is_over:
            self.found["title"] = (self.found.get("title", "") + data)[:4000]


def _charset(page: "Page") -> str:
    message = Message()
    message["Content-Type"] = page.content_type
    named = str(message.get_param("charset") or "utf-8").strip().lower()
    return named if _CHARSETS.fullmatch(named) and _is_known(named) else "utf-8"


def _is_known(charset: str) -> bool:
    try:
        return bool(codecs.lookup(charset))
    except LookupError:  # there is no ISO-8859-12
        return False


def _line(text: str, longest: int) -> str:
    """One line of words; no control characters, which could reorder what stands around it."""
    words = "".join(sign if sign.isprintable() else " " for sign in text).split()
    return " ".join(words)[:longest]


def _picture(url: str, image: str) -> str:
    """Browsers of visitors will ask for it, so it has to look as public as the page."""
    try:
        address = urljoin(url, image.strip())
        host = check(address)
    except (ValueError, ValidationFailed):
        return ""
    try:
        return address if is_public(host) else ""
    except ValueError:  # a name
        inner = host.rstrip(".").endswith((".local", ".internal", ".localhost"))
        return "" if inner or "." not in host.rstrip(".") else address


def _pixels(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return number if number <= _LARGEST_PICTURE else 0
