"""Fetching what a stranger names: public addresses only, little of it, and not for long.

All that this app fetches from elsewhere goes through ``fetch``. A name is resolved once, each of
its addresses is looked at, and the connection goes to the one that was looked at, so no resolver
can answer otherwise in between.
"""

import socket
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore2

from .urls import PORTS, check, is_public

SECONDS = 3.0
MOST_BYTES = 512 * 1024
MOST_REDIRECTS = 3
_MOVED = {301, 302, 303, 307, 308}
_HEADERS = [("Accept", "text/html"), ("Accept-Encoding", "identity"), ("Connection", "close")]
# A resolver that hangs holds one of these, and nothing else.
_resolving = ThreadPoolExecutor(4, thread_name_prefix="livechat-resolver")


class Unreachable(Exception):
    """It did not answer, or not as it should; nothing that the asker could do about it."""


@dataclass(frozen=True)
class Page:
    """``url`` is where redirects led; ``body`` may end early; ``content_type`` has its charset."""

    url: str
    content_type: str
    body: bytes


def fetch(url: str) -> Page:
    """GET without cookies. Raises ``ValidationFailed`` for an address that is never fetched, and
    ``Unreachable``."""
    deadline = time.monotonic() + SECONDS
    for _hop in range(MOST_REDIRECTS + 1):
        host = check(url)
        response = _get(url, host, deadline)
        if isinstance(response, Page):
            return response
        url = _follow(url, response)
    raise Unreachable(f"it redirects more than {MOST_REDIRECTS} times")


def _follow(url: str, place: str) -> str:
    try:
        following = urljoin(url, place)
        downgraded = url.startswith("https:") and urlsplit(following).scheme != "https"
    except ValueError as error:
        raise Unreachable("it leads to no address") from error
    if downgraded:
        raise Unreachable("it leads from https to http")
    return following


def _get(url: str, host: str, deadline: float) -> Page | str:
    """A page, or the place that it was moved to."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = f"[{host}]" if ":" in host else host
    whole = httpcore2.URL(scheme=parts.scheme, host=named, port=PORTS[parts.scheme], target=target)
    headers = [("Host", named), *_HEADERS]
    try:
        with (
            httpcore2.ConnectionPool(network_backend=_Guard(deadline), retries=0) as pool,
            pool.stream("GET", whole, headers=headers) as response,
        ):
            return _read(url, response)
    except (httpcore2.ConnectError, httpcore2.TimeoutException, httpcore2.NetworkError) as error:
        raise Unreachable(str(error)) from error
    except (httpcore2.ProtocolError, httpcore2.UnsupportedProtocol, ValueError) as error:
        raise Unreachable("it does not speak HTTP") from error


def _read(url: str, response: httpcore2.Response) -> Page | str:
    headers = {name.lower(): value.decode("latin-1") for name, value in response.headers}
    if response.status in _MOVED and b"location" in headers:
        return headers[b"location"]
    if response.status != 200:
        raise Unreachable(f"it answers {response.status}")
    if headers.get(b"content-encoding", "identity") != "identity":
        raise Unreachable("it is compressed, though nobody asked for that")
    content_type = headers.get(b"content-type", "")
    body = bytearray()
    if content_type.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml"):
        for chunk in response.iter_stream():
            body += chunk
            if len(body) >= MOST_BYTES:
                break
    return Page(url, content_type, bytes(body[:MOST_BYTES]))


class _Guard(httpcore2.NetworkBackend):
    """Connects to public addresses only, and lets nothing last beyond the deadline."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = _resolve(host.strip("[]"), port, self._deadline)
        if not all(is_public(address) for address in addresses):
            raise httpcore2.ConnectError("it is not on the open internet")
        left = _left(self._deadline)
        stream = self._backend.connect_tcp(addresses[0], port, left, None, socket_options)
        return _Stream(stream, self._deadline)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = _left(self._deadline)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("it takes too long")
    return left


def _resolve(host: str, port: int, deadline: float) -> list[str]:
    """Every address of a name; the first is the one to go to."""
    found: Future[list[Any]] = _resolving.submit(
        socket.getaddrinfo, host, port, type=socket.SOCK_STREAM
    )
    try:
        rows = found.result(_left(deadline))
    except TooLate as error:
        raise httpcore2.ConnectTimeout("its name is not resolved in time") from error
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError("its name is not known") from error
    return [str(row[4][0]) for row in rows]
