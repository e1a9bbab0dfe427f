"""`make demo` without make: one process that migrates, seeds and serves the shop."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "demo.sqlite3"


@pytest.fixture(scope="module")
def port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def lines(database: Path, port: int) -> Iterator[list[str]]:
    with demo(database, port) as lines:
        yield lines


@pytest.fixture(scope="module")
def shop(lines: list[str]) -> str:
    return lines[0].split()[-1]


def test_it_works(lines: list[str], port: int) -> None:
    assert [" ".join(line.split()) for line in lines] == [
        f"Shop http://localhost:{port}/",
        f"Console http://localhost:{port}/admin/livechat_widget/chat/console/",
        "Agent ann / demo",
    ]


@pytest.mark.parametrize("path", ["", "product/teapot/", "help/"])
def test_it_puts_the_chat_on_every_page(shop: str, path: str) -> None:
    page = urlopen(shop + path).read().decode()
    assert page.count('id="livechat-launcher"') == 1


def test_it_serves_every_file_that_a_page_names(shop: str) -> None:
    page = urlopen(shop).read().decode()
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    assert any(file.endswith("embed.js") for file in files)
    assert {urlopen(shop.rstrip("/") + file).status for file in files} == {200}


def test_it_has_no_page_for_what_it_does_not_sell(shop: str) -> None:
    with pytest.raises(HTTPError, match="404") as caught:
        urlopen(f"{shop}product/spaceship/")
    caught.value.close()


def test_its_agent_gets_into_the_console(shop: str, lines: list[str]) -> None:
    console = lines[1].split()[-1]
    username, _, password = lines[2].removeprefix("Agent").split()
    browser = build_opener(HTTPCookieProcessor(jar := CookieJar()))
    login = browser.open(console).url
    assert "/login/" in login
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    form = {"username": username, "password": password, "csrfmiddlewaretoken": token}
    answer = browser.open(Request(login, urlencode(form).encode(), {"Referer": login}))
    assert answer.url == console
    assert 'id="lc-console"' in answer.read().decode()


def test_a_second_run_seeds_nothing_again(database: Path, lines: list[str]) -> None:
    before = rows(database)
    command = [sys.executable, "manage.py", "seed_demo"]
    subprocess.run(command, cwd=ROOT, env=environment(database), check=True, capture_output=True)
    assert rows(database) == before
    assert all(before.values())


def test_it_says_in_one_line_that_the_port_is_taken(
    database: Path, port: int, lines: list[str]
) -> None:
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    result = subprocess.run(
        command, cwd=ROOT, env=environment(database), check=False, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert result.stdout == ""
    assert f"Port {port} is taken" in result.stderr.splitlines()[-1]


@contextmanager
def demo(database: Path, port: int) -> Iterator[list[str]]:
    """The three lines of a running demo."""
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(database), stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        yield [server.stdout.readline() for _ in range(3)]
        server.terminate()


def environment(database: Path) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "demo_site.settings",
        "DEMO_DATABASE": str(database),
    }


def rows(database: Path) -> dict[str, int]:
    tables = ["auth_user", "agent", "group", "customer", "chat", "thread", "event", "streamentry"]
    names = [name if "_" in name else f"livechat_widget_{name}" for name in tables]
    with closing(sqlite3.connect(database)) as connection:
        count = 'SELECT count(*) FROM "{}"'
        return {name: connection.execute(count.format(name)).fetchone()[0] for name in names}


def test_in_production_the_deployment_checks_have_nothing_to_say(database: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "demo_site.settings",
        "DEMO_DATABASE": str(database),
        "DEMO_DEBUG": "0",
        "DEMO_HOSTS": "shop.example",
        "DEMO_SECRET_KEY": "what a site in production would have, " * 2,
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "System check identified no issues (0 silenced).\n"
