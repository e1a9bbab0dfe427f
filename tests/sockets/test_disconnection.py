"""Whom the server ends the connection of is told why, and within five seconds."""

import asyncio
import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from livechat_widget.domain import bans, tokens
from livechat_widget.models import Ban, Customer, Event, Thread
from livechat_widget.sockets import connection, guest
from livechat_widget.sockets.customer import CustomerConnection
from livechat_widget.sockets.keeper import Keeper
from tests.cast import Cast
from tests.servers import Server, start_server
from tests.sockets.conftest import Connect
from tests.sockets.ends import end_of, in_time, new_address
from tests.sockets.ends import guest as guest_of

Act = Callable[[Customer], Any]


def suspend(customer: Customer) -> None:
    customer.organization.suspended = True
    customer.organization.save()


def retire(customer: Customer) -> None:
    customer.organization.oldest_version = "3.8"
    customer.organization.save()


@pytest.mark.parametrize(
    ("act", "reason", "refusal"),
    [
        (suspend, "license_expired", "license_expired"),
        (retire, "product_version_changed", "wrong_product_version"),
        (lambda one: bans.ban(one, 2), "customer_banned", "customer_banned"),
        (lambda one: bans.block(one, 60), "customer_temporarily_blocked", "customer_banned"),
        (tokens.revoke, "access_token_revoked", "authentication"),
        (tokens.log_out, "logged_out_remotely", "authentication"),
    ],
    ids=["suspended", "retired", "banned", "blocked", "revoked", "logged out"],
)
def test_it_ends_when_the_customer_may_not_be_there_any_more(
    connect: Connect, server: Server, live_cast: Cast, act: Act, reason: str, refusal: str
) -> None:
    customer = live_cast.customer()
    token = live_cast.token(customer)
    stranger = Cast()
    left, right = connect(customer), connect(customer)
    with guest_of(server, stranger) as bystander:
        bystander.ask_ok("login", {"token": stranger.token(stranger.customer())})
        act(customer)
        with in_time():
            for client in (left, right):
                payload, code = end_of(client)
                assert (payload["reason"], code) == (reason, 4410)
        assert bystander.ask("ping")["success"]
    with guest_of(server, live_cast) as again:
        assert again.error("login", {"token": token})["type"] == refusal


def test_an_older_client_hears_of_a_revoked_token_in_words_it_knows(
    connect: Connect, live_cast: Cast
) -> None:
    customer = live_cast.customer()
    client = connect(customer, version="3.3")
    tokens.revoke(customer)
    assert end_of(client)[0] == {"reason": "access_token_expired"}


@pytest.mark.parametrize("act", [lambda one: bans.ban(one, 1), lambda one: bans.block(one, 86400)])
def test_who_is_kept_out_hears_for_how_long(
    connect: Connect, server: Server, live_cast: Cast, act: Act
) -> None:
    customer = live_cast.customer()
    client = connect(customer)
    act(customer)
    assert 86390 <= end_of(client)[0]["data"]["timeout"] <= 86400
    with guest_of(server, live_cast) as again:
        error = again.error("login", {"token": live_cast.token(customer)})
        assert 86390 <= error["data"]["timeout"] <= 86400


def test_a_ban_ends_the_chat(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    bans.ban(customer, 3, live_cast.ann)
    assert not Thread.objects.filter(chat=chat, active=True).exists()
    said = Event.objects.filter(chat=chat, type="system_message").latest("created_at").content
    assert said["system_message_type"] == "customer_banned"
    assert said["text_vars"] == {"agent": "Ann", "duration": "3"}


def test_what_was_lifted_or_is_over_keeps_nobody_out(connect: Connect, live_cast: Cast) -> None:
    customer, other = live_cast.customer(), live_cast.customer()
    bans.ban(customer, 1)
    bans.lift(customer)
    bans.block(other, 60)
    Ban.objects.filter(customer=other).update(expires_at=other.created_at)
    for one in (customer, other):
        assert connect(one).ask("ping")["success"]


def test_a_fresh_token_is_good_after_the_others_were_revoked(
    connect: Connect, live_cast: Cast
) -> None:
    customer = live_cast.customer()
    tokens.revoke(customer)
    customer.refresh_from_db()
    client = connect(customer)
    bans.block(live_cast.customer(), 60)  # the next round looks at everybody again
    with connect(live_cast.customer()) as other:
        other.pushes()
    assert client.ask("ping")["success"]


def test_it_ends_when_the_token_does(
    server: Server, live_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = live_cast.customer()
    begun = time.time() - 28800 + 4
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: begun)
        token = live_cast.token(customer)
    with guest_of(server, live_cast) as client:
        client.ask_ok("login", {"token": token})
        assert end_of(client) == ({"reason": "access_token_expired"}, 4410)


def test_it_ends_where_nobody_logs_in_or_asks_for_anything(live_cast: Cast) -> None:
    brief = json.dumps({"LOGIN_TIMEOUT_SECONDS": 1, "INACTIVITY_SECONDS": 3})
    with start_server("uvicorn", LIVECHAT_TEST_SETTINGS=brief) as server:
        with guest_of(server, live_cast) as client:
            assert end_of(client) == ({"reason": "connection_timeout"}, 4408)
        with guest_of(server, live_cast) as client:
            client.ask_ok("login", {"token": live_cast.token(live_cast.customer())})
            assert end_of(client) == ({"reason": "inactivity_timeout"}, 4410)


def test_it_ends_for_a_version_that_is_not_spoken(server: Server, live_cast: Cast) -> None:
    with guest_of(server, live_cast, version="9.9") as client:
        assert end_of(client) == ({"reason": "unsupported_version"}, 4410)


def test_it_ends_where_another_region_is_looked_for(live_cast: Cast) -> None:
    here = json.dumps({"REGION": "fra"})
    with start_server("uvicorn", LIVECHAT_TEST_SETTINGS=here) as server:
        expected = {"reason": "misdirected_connection", "data": {"region": "fra"}}
        with guest_of(server, live_cast, query="&region=dal") as client:
            assert end_of(client) == (expected, 4410)
        for query in ("&region=fra", ""):
            with guest_of(server, live_cast, query=query) as client:
                assert client.ask("ping")["success"]


def test_a_ban_ends_whoever_else_comes_from_the_address(live_cast: Cast) -> None:
    vera, tab, neighbour = (live_cast.customer() for _ in range(3))
    here, there = new_address(), new_address()
    with (
        start_server("uvicorn") as server,
        guest_of(server, live_cast, address=here) as first,
        guest_of(server, live_cast, address=here) as second,
        guest_of(server, live_cast, address=there) as other,
    ):
        for client, customer in ((first, vera), (second, tab), (other, neighbour)):
            client.ask_ok("login", {"token": live_cast.token(customer)})
        bans.ban(vera, 1)
        with in_time():
            assert end_of(first)[0]["reason"] == end_of(second)[0]["reason"] == "customer_banned"
        assert other.ask("ping")["success"]
        with guest_of(server, live_cast, address=here) as again:
            error = again.error("login", {"token": live_cast.token(live_cast.customer())})
            assert error["type"] == "customer_banned"


# -- what only a fault of our own can cause ----------------------------------------------


def play(act: Callable[[CustomerConnection], None] = lambda one: None) -> list[dict[str, Any]]:
    """What a connection of its own loop sends until it closes; ``act`` is done once it is open."""
    sent: list[dict[str, Any]] = []

    async def live() -> None:
        over = asyncio.Event()
        coming = [{"type": "websocket.connect"}]

        async def receive() -> dict[str, Any]:
            if coming:
                return coming.pop()
            act(one)
            await over.wait()
            return {"type": "websocket.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            if message["type"] == "websocket.close":
                over.set()

        scope = {"headers": [(b"host", b"testserver")], "query_string": b"license_id=1"}
        one = CustomerConnection(scope, send, version="3.5")
        async with asyncio.timeout(10):
            await one.live(receive)

    asyncio.run(live())
    return sent


def said(sent: list[dict[str, Any]]) -> tuple[dict[str, Any], int]:
    accepted, push, close = sent
    assert accepted["type"] == "websocket.accept"
    assert json.loads(push["text"])["action"] == "customer_disconnected"
    return json.loads(push["text"])["payload"], close["code"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OperationalError("no connection"), "service_temporarily_unavailable"),
        (RuntimeError("a mistake"), "internal_error"),
    ],
)
def test_it_ends_where_the_handshake_cannot_be_looked_at(
    monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    async def fail(*args: Any) -> None:
        raise error

    monkeypatch.setattr(guest, "run", fail)
    assert said(play()) == ({"reason": reason}, 4500)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(*args: Any) -> Any:
        return SimpleNamespace(trusted_origins=[])

    monkeypatch.setattr(guest, "run", found)


def test_one_connection_that_cannot_be_looked_after_ends_alone(
    known: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(one: CustomerConnection) -> None:
        monkeypatch.setattr(one, "catch_up", lambda: 1 / 0)
        Keeper._look_after(connection.get_keeper(), one)

    assert said(play(look)) == ({"reason": "internal_error"}, 4500)


def test_it_ends_where_the_other_side_has_gone_silent(
    known: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has sent a ping has to go on with it."""

    def fall_silent(one: CustomerConnection) -> None:
        one._heard_at = time.monotonic() - connection.SILENT_SECONDS - 1
        one.look_after()

    assert said(play(fall_silent)) == ({"reason": "connection_evicted"}, 4409)
