"""A real Chromium, and the people who use it."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from livechat_widget.models import Agent as AgentProfile
from tests.browser.line import Line
from tests.browser.people import CONSOLE, PASSWORD, Agent, Visitor, hire
from tests.servers import Server
from tests.services import chromium_path, require

ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]
# Cookies do not tell ports apart.
ORIGIN = "http://127.0.0.1"
# Machines that run tests are busy.
PATIENCE_MS = 15_000
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) =>
  console.error("violation:", effectiveDirective, blockedURI, sample));
"""
# What Chromium says of a line that is cut, and of answers that are refused; htmx of a chat that is
# not open.
EXPECTED_ERRORS = (
    "Failed to load resource: net::ERR_",
    "Failed to load resource: the server responded with a status of 422",
    "WebSocket connection to ",
    "htmx:oobErrorNoTarget",
)

NewContext = Callable[..., BrowserContext]
_numbers = itertools.count(1)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for this folder: its event loop must not run on while others are tested."""
    path = require("Chromium", chromium_path())
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    expect.set_options(timeout=PATIENCE_MS)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # That loop is in our thread; Django would refuse us the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()
        # Django holds connections apart for a thread whose loop runs, and would forget these.
        connections.close_all()


@pytest.fixture(scope="package")
def ann(django_db_setup: None, django_db_blocker: Any, chromium: Browser) -> AgentProfile:
    with django_db_blocker.unblock():
        return hire("Ann")


@pytest.fixture(scope="package")
def session(server: Server, ann: AgentProfile, chromium: Browser) -> Any:
    """Ann's cookies after she has signed in to the admin; good at every server of this database."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{server.url}{CONSOLE}")
    page.get_by_label("Username").fill(ann.user.get_username())
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#lc-console")).to_be_visible()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def problems() -> Iterator[list[str]]:
    """Errors and policy violations of all pages: whatever is left of them fails the test."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def new_context(chromium: Browser, shared_db: None, problems: list[str]) -> Iterator[NewContext]:
    """A browser of somebody's own, watched for problems."""

    def hear(message: ConsoleMessage) -> None:
        favicon = message.location["url"].endswith("/favicon.ico")
        expected = favicon or message.text.startswith(EXPECTED_ERRORS)
        if message.type == "error" and not expected:
            problems.append(message.text)

    with ExitStack() as stack:

        def make(**options: Any) -> BrowserContext:
            context = chromium.new_context(reduced_motion="reduce", **options)
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            context.add_init_script(REPORT_VIOLATIONS)
            context.on("console", hear)
            context.on("weberror", lambda error: problems.append(str(error.error)))
            return context

        yield make


@pytest.fixture
def new_visitor(new_context: NewContext) -> Callable[..., Visitor]:
    """A visitor whom nobody has seen before, with nothing before them yet."""

    def make(**options: Any) -> Visitor:
        return Visitor(new_context(**options).new_page(), f"Vera {next(_numbers)}")

    return make


@pytest.fixture
def visitor(new_visitor: Callable[..., Visitor]) -> Visitor:
    return new_visitor()


@pytest.fixture
def agent(new_context: NewContext, session: Any) -> Agent:
    """Ann, signed in, with nothing before her yet."""
    return Agent(new_context(storage_state=session).new_page())


@pytest.fixture
def sign_in(chromium: Browser, shared_db: None) -> Iterator[Callable[..., Page]]:
    """A page of any agent's, in a browser of their own, without the detour by the form."""
    with ExitStack() as stack:

        def make(agent: AgentProfile, **options: Any) -> Page:
            context = chromium.new_context(**options)
            stack.callback(context.close)
            client = Client()
            client.force_login(agent.user)
            name = settings.SESSION_COOKIE_NAME
            cookie = {"name": name, "value": client.cookies[name].value, "url": ORIGIN}
            context.add_cookies([cookie])
            return context.new_page()

        yield make


@pytest.fixture
def open_console(server: Server, sign_in: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """The console of any agent. An error in its scripts fails the test."""
    errors: list[str] = []

    def make(agent: AgentProfile, url: str = server.url, **options: Any) -> Page:
        page = sign_in(agent, **options)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{url}{CONSOLE}")
        expect(page.locator("#lc-console")).to_be_visible()
        return page

    yield make
    assert errors == []


@pytest.fixture
def new_line() -> Iterator[Callable[[Server], Line]]:
    with ExitStack() as stack:
        yield lambda server: stack.enter_context(Line(server.port))


@pytest.fixture
def line(new_line: Callable[[Server], Line], server: Server) -> Line:
    return new_line(server)


@pytest.fixture(autouse=True)
def no_traceback(server: Server) -> Iterator[None]:
    """Whatever happens to a line, no server's log may hold a traceback."""
    before = server.log().count("Traceback")
    yield
    assert server.log().count("Traceback") == before, server.log()
