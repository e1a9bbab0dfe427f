"""Whether the sockets are served."""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from django.core.checks import CheckMessage
from django.core.management import get_commands

from livechat_widget.checks import sockets

Numbers = Callable[..., list[str]]


def test_it_reports_a_site_without_asgi(numbers: Numbers) -> None:
    assert numbers(ASGI_APPLICATION=None) == ["W030"]
    assert numbers(ASGI_APPLICATION="tests.asgi.application") == []


@pytest.fixture
def runserver(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "argv", ["manage.py", "runserver"])
    get_commands.cache_clear()
    yield
    get_commands.cache_clear()


def test_it_reports_a_runserver_without_sockets(
    runserver: None, numbers: Numbers, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert numbers() == []
    get_commands.cache_clear()
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "daphne"]
    assert numbers() == ["W031"]
    monkeypatch.setattr(sys, "argv", ["manage.py", "migrate"])
    assert numbers() == []


plain = get_asgi_application()
released = threading.Event()


async def refusing(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 4000})


async def silent(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.Event().wait()


async def leaving(scope: Any, receive: Any, send: Any) -> None:
    await receive()


async def blocking(scope: Any, receive: Any, send: Any) -> None:
    released.wait(30)


class TestHandshake:
    """In-process, through whatever application the site names."""

    @pytest.fixture(autouse=True)
    def _deployed(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.LIVECHAT = {"CHANNEL_LAYER": None}
        monkeypatch.setattr(sockets, "ANSWER_SECONDS", 0.2)

    @pytest.mark.parametrize("name", ["tests.asgi.application", "livechat_widget.asgi.application"])
    @pytest.mark.parametrize("host", ["*", "shop.example", ".shop.example"])
    def test_it_is_silent_where_the_sockets_are_served(
        self, numbers: Numbers, name: str, host: str
    ) -> None:
        assert numbers(deploy=True, ASGI_APPLICATION=name, ALLOWED_HOSTS=[host]) == []

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("plain", "Django can only handle ASGI/HTTP connections, not websocket"),
            ("refusing", "it refused the connection with code 4000"),
            ("silent", "no answer within 0.2 seconds"),
            ("leaving", "it ended without an answer"),
            ("absent", 'does not define a "absent"'),
        ],
    )
    def test_it_says_why_they_are_not(
        self, messages: Callable[..., list[CheckMessage]], name: str, reason: str
    ) -> None:
        [message] = messages(deploy=True, ASGI_APPLICATION=f"{__name__}.{name}")
        assert message.id == "livechat_widget.E032"
        assert reason in message.msg
        assert "with_livechat(application)" in str(message.hint)

    def test_it_does_not_wait_for_one_that_blocks(self, numbers: Numbers) -> None:
        assert numbers(deploy=True, ASGI_APPLICATION=f"{__name__}.blocking") == ["E032"]
        assert not released.is_set()
        released.set()

    def test_it_works_inside_an_event_loop(self, numbers: Numbers) -> None:
        async def check() -> list[str]:
            return numbers(deploy=True)

        assert asyncio.run(check()) == []

    def test_it_asks_no_database(self, numbers: Numbers, django_db_blocker: Any) -> None:
        with django_db_blocker.block():
            assert numbers(deploy=True) == []

    def test_it_leaves_a_site_without_hosts_to_another_check(self, numbers: Numbers) -> None:
        assert numbers(deploy=True, ALLOWED_HOSTS=[]) == []

    def test_it_does_not_run_without_deploy(self, numbers: Numbers) -> None:
        assert numbers(ASGI_APPLICATION=f"{__name__}.plain") == []
