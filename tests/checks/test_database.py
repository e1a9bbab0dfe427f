"""The database of the chat."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections

from tests.databases import SQLITE_OPTIONS

Ask = Callable[..., list[str]]
ROOMY = {"pool": {"min_size": 2, "max_size": 16, "reconnect_timeout": 5}}


@pytest.fixture
def ask(numbers: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """The numbers for a site whose database is like this."""

    def ask(
        vendor: str,
        options: dict[str, Any] | None = None,
        age: int | None = 0,
        version: tuple[int, int, int] = (3, 35, 0),
        driver: str = "3.2.0",
    ) -> list[str]:
        connection = connections["default"]
        monkeypatch.setattr(connection, "vendor", vendor)
        module = SimpleNamespace(sqlite_version_info=version, __version__=driver)
        monkeypatch.setattr(connection, "Database", module)
        monkeypatch.setitem(connection.settings_dict, "OPTIONS", options or {})
        monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", age)
        return numbers()

    return ask


@pytest.mark.parametrize("vendor", ["mysql", "oracle"])
def test_it_reports_one_that_is_not_supported(ask: Ask, vendor: str) -> None:
    assert ask(vendor) == ["E010"]


def test_it_reports_an_old_sqlite(ask: Ask) -> None:
    assert ask("sqlite", SQLITE_OPTIONS, version=(3, 34, 1)) == ["E011"]
    assert ask("sqlite", SQLITE_OPTIONS, version=(3, 35, 0)) == []


@pytest.mark.parametrize("missing", SQLITE_OPTIONS)
def test_it_reports_sqlite_that_locks(ask: Ask, missing: str) -> None:
    options = {key: value for key, value in SQLITE_OPTIONS.items() if key != missing}
    assert ask("sqlite", options) == ["W012"]


def test_it_reports_the_driver_of_another_age(ask: Ask) -> None:
    assert ask("postgresql", ROOMY, driver="2.9.10 (dt dec pq3 ext lo64)") == ["E016"]


def test_it_reports_a_connection_for_each_request(ask: Ask) -> None:
    assert ask("postgresql") == ["W013"]
    assert ask("postgresql", ROOMY) == []
    assert ask("postgresql", age=60) == []
    assert ask("postgresql", age=None) == []


def test_it_reports_a_pool_of_connections_that_persist(ask: Ask) -> None:
    assert ask("postgresql", ROOMY, age=60) == ["E014"]
    assert ask("postgresql", ROOMY, age=0) == []


@pytest.mark.parametrize("pool", [{}, {"min_size": 8}, {"min_size": 2, "max_size": 9}])
def test_it_reports_a_pool_smaller_than_the_threads(ask: Ask, settings: Any, pool: Any) -> None:
    small = {"pool": {**pool, "reconnect_timeout": 5}}
    assert ask("postgresql", small) == ask("postgresql", {"pool": True}) == ["E015"]
    settings.LIVECHAT = {"DATABASE_THREADS": 2}  # and the writer, and pages
    assert ask("postgresql", small) == []


@pytest.mark.parametrize("timeout", [{}, {"reconnect_timeout": 300}])
def test_it_reports_a_pool_that_stays_away(ask: Ask, timeout: dict[str, int]) -> None:
    assert ask("postgresql", {"pool": {"max_size": 16, **timeout}}) == ["W017"]
    assert ask("postgresql", {"pool": {"max_size": 16, "reconnect_timeout": 10}}) == []
