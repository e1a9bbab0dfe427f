"""The address for load balancers: what it says, how soon, and to whom."""

import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.test import Client
from psycopg_pool import ConnectionPool, PoolTimeout

from livechat_widget import health
from tests.servers import Server, start_server

PATH = "/livechat/healthz"


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier test asked is forgotten."""
    for name, question in (("_database", health.ask_database), ("_layer", health.ask_layer)):
        monkeypatch.setattr(health, name, health.Probe(question))


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """What hangs in a test comes back at its end."""
    event = threading.Event()
    yield event
    event.set()


def ask(url: str) -> tuple[int, dict[str, Any]]:
    """Status and body, whatever they are."""
    try:
        with urllib.request.urlopen(url, timeout=10) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def refuse() -> None:
    raise OperationalError("could not connect to host secret.example as user boss")


def test_it_works(client: Client, shared_db: None) -> None:
    response = client.get(PATH)
    assert (response.status_code, response.json()) == (200, {"status": "ok", "problems": []})
    assert response["Cache-Control"] == "no-store"
    assert client.head(PATH).status_code == 200
    assert client.post(PATH).status_code == 405


def take_all(pool: ConnectionPool) -> list[Any]:
    """Whatever others have taken already."""
    taken = []
    while True:
        try:
            taken.append(pool.getconn(0.5))
        except PoolTimeout:
            return taken


@pytest.mark.postgres
def test_it_is_well_while_the_pool_is_exhausted(client: Client, shared_db: None) -> None:
    pool = connections["default"].pool
    pool.open()
    taken = take_all(pool)
    try:
        assert client.get(PATH).json() == {"status": "ok", "problems": []}
    finally:
        for one in taken:
            pool.putconn(one)


def test_it_is_down_before_the_first_migration(
    client: Client, shared_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.Deployment._meta, "db_table", "not_there_yet")
    assert client.get(PATH).status_code == 503


def test_it_is_down_without_a_database(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "_database", health.Probe(refuse))
    response = client.get(PATH)
    assert response.status_code == 503
    assert response.json()["status"] == "down"
    [problem] = response.json()["problems"]
    assert problem["part"] == "database"
    assert "migrate" in problem["remedy"]
    assert b"secret" not in response.content
    assert "secret.example" in caplog.text


def test_it_is_degraded_without_the_layer(
    client: Client, shared_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_layer", health.Probe(refuse))
    response = client.get(PATH)
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert [one["part"] for one in response.json()["problems"]] == ["channel_layer"]


def test_it_is_down_while_the_process_stops(
    client: Client, shared_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "is_stopping", lambda: True)
    response = client.get(PATH)
    assert response.status_code == 503
    assert [one["part"] for one in response.json()["problems"]] == ["process"]


def test_it_does_not_wait_for_what_hangs(
    client: Client, monkeypatch: pytest.MonkeyPatch, released: threading.Event
) -> None:
    hanging = health.Probe(lambda: released.wait(30) and None)
    monkeypatch.setattr(health, "_database", hanging)
    monkeypatch.setattr(health, "_layer", health.Probe(lambda: released.wait(30) and None))
    before = threading.active_count()
    took = time.monotonic()
    response = client.get(PATH)
    first = time.monotonic() - took
    assert [one["part"] for one in response.json()["problems"]] == ["database", "channel_layer"]
    assert health.ANSWER_SECONDS - 0.1 < first < health.ANSWER_SECONDS + 0.5
    took = time.monotonic()
    for _ in range(20):
        assert client.get(PATH).status_code == 503
    assert time.monotonic() - took < 1
    assert threading.active_count() - before <= 2


def test_it_asks_once_however_many_ask_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(health, "FRESH_SECONDS", 3600)
    monkeypatch.setattr(health, "_database", health.Probe(lambda: asked.append(True)))
    for _ in range(20):
        assert client.get(PATH).status_code == 200
    assert asked == [True]


def test_it_notices_that_all_is_well_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Callable[[], None]] = [refuse, lambda: None]
    monkeypatch.setattr(health, "FRESH_SECONDS", 0)
    monkeypatch.setattr(health, "_database", health.Probe(lambda: answers.pop(0)()))
    assert [client.get(PATH).status_code for _ in range(2)] == [503, 200]


def test_a_server_whose_database_hangs_answers(django_db_setup: None) -> None:
    """Somebody takes its connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://127.0.0.1:{silent.getsockname()[1]}"
        environment = {"LIVECHAT_TEST_DATABASE": "postgres", "LIVECHAT_TEST_POSTGRES": address}
        with start_server("uvicorn", **environment) as server:
            for at_most in (health.ANSWER_SECONDS + 1, 1):
                took = time.monotonic()
                status, body = ask(f"{server.url}{PATH}")
                assert time.monotonic() - took < at_most
                assert (status, body["status"]) == (503, "down")
            silent.close()  # or the server would not end either


def test_a_server_without_redis_is_degraded(django_db_setup: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        environment = {"LIVECHAT_TEST_LAYER": "redis", "LIVECHAT_TEST_REDIS": address}
        with start_server("uvicorn", **environment) as server:
            status, body = ask(f"{server.url}{PATH}")
            assert (status, body["status"]) == (200, "degraded")


def test_a_server_says_that_it_is_well(server: Server) -> None:
    assert ask(f"{server.url}{PATH}") == (200, {"status": "ok", "problems": []})
