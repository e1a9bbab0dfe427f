from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from livechat_widget.models import Customer
from tests.cast import Cast
from tests.clients import Client, customer_client
from tests.servers import Server

Connect = Callable[..., Client]


@pytest.fixture
def connect(server: Server, live_cast: Cast) -> Iterator[Connect]:
    """Log a customer in; every client is closed at the end of the test."""
    with ExitStack() as stack:

        def log_in(customer: Customer, **options: Any) -> Client:
            return stack.enter_context(customer_client(server, live_cast, customer, **options))

        yield log_in


@pytest.fixture(autouse=True)
def no_traceback(server: Server) -> Iterator[None]:
    """Nothing that these tests send may reach the server's log as a traceback."""
    before = server.log().count("Traceback")
    yield
    assert server.log().count("Traceback") == before, server.log()
