"""The official Python client of the protocol, unmodified, over TLS."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from livechat.customer.rtm.base import CustomerRTM
from livechat.customer.web.base import CustomerWeb

from livechat_widget.models import Customer
from livechat_widget.protocol.versions import VERSIONS
from tests.cast import Cast
from tests.servers import Server, start_server
from tests.sockets.python_visit import ACTS, MISSING, Visit, say

Door = Callable[..., AbstractContextManager[Visit]]


@pytest.fixture(scope="module")
def tls_server(django_db_setup: None, certificate: tuple[Path, Path]) -> Iterator[Server]:
    with start_server("uvicorn", certificate=certificate) as one:
        yield one


@contextmanager
def over_a_socket(
    version: str, server: Server, cast: Cast, customer: Customer, certificate: tuple[Path, Path]
) -> Iterator[Visit]:
    client = CustomerRTM.get_client(
        organization_id=str(cast.organization.organization_id),
        version=version,
        base_url=f"127.0.0.1:{server.port}/livechat",
    )
    client.open_connection(response_timeout=20)
    visit = Visit(client, version, cast, customer)
    visit.done |= {"open_connection", "close_connection"}
    try:
        answer = visit.ask("login", token=cast.token(customer))
        assert answer["customer_id"] == str(customer.pk)
        yield visit
        pushes = {frame["action"] for frame in client.ws.messages if frame["type"] == "push"}
        assert {"incoming_chat", "incoming_event", "greeting_accepted"} <= pushes
        later = {"event_deleted", "incoming_welcome_message"}
        assert pushes & later == (later if version >= "3.6" else set())
        assert pushes <= VERSIONS[version].pushes
    finally:
        client.close_connection()


@contextmanager
def over_http(
    version: str, server: Server, cast: Cast, customer: Customer, certificate: tuple[Path, Path]
) -> Iterator[Visit]:
    client = CustomerWeb.get_client(
        access_token=cast.token(customer),
        version=version,
        base_url=f"127.0.0.1:{server.port}/livechat",
        verify=ssl.create_default_context(cafile=certificate[0]),
        organization_id=str(cast.organization.organization_id),
        disable_logging=True,
    )
    with client.session:
        yield Visit(client, version, cast, customer)


@pytest.mark.parametrize("version", ["3.5", "3.6", "3.7"])
@pytest.mark.parametrize("door", [over_a_socket, over_http])
def test_every_method(
    door: Door, version: str, tls_server: Server, live_cast: Cast, certificate: tuple[Path, Path]
) -> None:
    customer = live_cast.customer()
    with door(version, tls_server, live_cast, customer, certificate) as visit:
        for act in ACTS:
            act(visit)
        methods = {name for name in vars(type(visit.client)) if not name.startswith("_")}
        assert methods - visit.done == MISSING.keys() & methods


def test_what_is_missing_is_refused(
    tls_server: Server, live_cast: Cast, certificate: tuple[Path, Path]
) -> None:
    """Whoever builds one of these is told to take it off the list."""
    customer = live_cast.customer()
    with over_http("3.7", tls_server, live_cast, customer, certificate) as visit:
        for method in MISSING:
            assert getattr(visit.client, method)().status_code == 404, method


def test_a_refusal_is_told(
    tls_server: Server, live_cast: Cast, certificate: tuple[Path, Path]
) -> None:
    customer = live_cast.customer()
    with over_http("3.7", tls_server, live_cast, customer, certificate) as visit:
        refused = visit.client.send_event(chat_id="ABSENT2345", event=say("x"))
        assert (refused.status_code, refused.json()["error"]["type"]) == (404, "not_found")
