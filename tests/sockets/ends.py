"""How the server ends connections of customers, as clients see it."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.cast import Cast
from tests.clients import Client
from tests.servers import Server

_hosts = itertools.count(1)


def new_address() -> str:
    """Of a visitor; the servers believe the header of the proxy beside them."""
    number = next(_hosts)
    return f"203.0.{113 + number // 250}.{number % 250 + 1}"


def guest(
    server: Server, cast: Cast, *, version: str = "3.5", address: str = "", query: str = ""
) -> Client:
    """A client that has not logged in yet."""
    path = f"livechat/v{version}/customer/rtm/ws"
    headers = {"X-Forwarded-For": address} if address else {}
    return Client(
        f"{server.socket_url}/{path}?license_id={cast.organization.license_id}{query}",
        additional_headers=headers,
    )


@contextmanager
def in_time() -> Iterator[None]:
    start = monotonic()
    yield
    assert monotonic() - start < 5


def end_of(client: Client) -> tuple[dict[str, Any], int]:
    """What ``customer_disconnected`` said, which nothing came after, and the code of the close."""
    payload = client.push("customer_disconnected")["payload"]
    with pytest.raises(ConnectionClosed) as closed:
        client.receive()
    assert closed.value.rcvd is not None
    return payload, closed.value.rcvd.code
