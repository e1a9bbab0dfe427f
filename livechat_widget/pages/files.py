"""The files of chats, by the addresses that ``delivery.links`` mints: so that they may be looked at
or saved, and nothing in them runs where we are."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from time import time
from typing import Any

from asgiref.sync import sync_to_async
from django.core.files import File
from django.core.handlers.asgi import ASGIRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt

from ..domain import files
from ..domain.file_types import IMAGES
from ..errors import NotFound
from .acts import answer, while_up

_CHUNK = 64 * 1024
_THUMBNAIL_TYPE = "image/webp"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_HEADERS = {
    "Accept-Ranges": "bytes",
    # For who opens the address itself: even what a browser takes for a page gets no script, no
    # origin, and nothing from elsewhere.
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@transaction.non_atomic_requests
@csrf_exempt
@while_up
def show(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file, or the part of it that is asked for (``Range``); JSON when there is none."""
    method = "HEAD" if request.method == "HEAD" else "GET"
    return answer(request, lambda: _show(request, token), method)


class _Served(StreamingHttpResponse):
    """Closes the file also when nobody has read to its end."""

    def __init__(self, content: "File[bytes]", *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._content = content

    def close(self) -> None:
        super().close()
        self._content.close()


def _show(request: HttpRequest, token: str) -> HttpResponseBase:
    found = files.find_shared(token)
    if found is None:
        raise NotFound("There is no such file, or its address is too old; read the chat again.")
    file, link = found
    try:
        content = files.storage().open(file.paths[link.variant])
    except FileNotFoundError as error:
        raise NotFound("The file is gone.") from error
    tag = f'"{file.pk.hex}{link.variant}"'
    size = content.size
    start, end = _asked_range(request, size, tag)
    if start >= end and size:
        content.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = _Served(
        content,
        _stream(request, content, start, end),
        status=200 if (start, end) == (0, size) else 206,
        content_type=_THUMBNAIL_TYPE if link.variant else file.content_type,
        headers=_HEADERS,
    )
    response["Content-Length"] = str(end - start)
    response["ETag"] = tag
    response["Cache-Control"] = f"private, max-age={int(link.expires - time())}, immutable"
    shown = file.content_type in IMAGES
    response["Content-Disposition"] = content_disposition_header(not shown, file.name) or "inline"
    if response.status_code == 206:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _asked_range(request: HttpRequest, size: int, tag: str) -> tuple[int, int]:
    """From which byte to before which; all, unless one range of this very file is asked for."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if not asked or request.headers.get("If-Range", tag) != tag:
        return 0, size
    first, last = asked.groups()
    if first:
        return int(first), min(int(last) + 1, size) if last else size
    return (max(size - int(last), 0), size) if last else (0, size)


def _stream(
    request: HttpRequest, content: "File[bytes]", start: int, end: int
) -> Iterator[bytes] | AsyncIterator[bytes]:
    """Django would read all of it into memory where a server and an iterator differ in kind."""
    if request.method == "HEAD":
        return iter(())
    chunks = _read(content, start, end)
    return _read_in_thread(chunks) if isinstance(request, ASGIRequest) else chunks


def _read(content: "File[bytes]", start: int, end: int) -> Iterator[bytes]:
    content.seek(start)
    while start < end and (data := content.read(min(_CHUNK, end - start))):
        start += len(data)
        yield data


async def _read_in_thread(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    read: Callable[..., Awaitable[bytes]] = sync_to_async(next)
    while data := await read(chunks, b""):
        yield data
