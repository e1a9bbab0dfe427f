"""Pages of other sites, in a browser that blocks third-party cookies: both token flows, the widget
in a frame, and a page that nobody trusts.

All names lead to one server, whose host page stands for a page of each: a page that is made up by
the browser's driver may not ask a loopback address for anything.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from livechat_widget.domain import tokens
from livechat_widget.models import Agent as AgentProfile
from livechat_widget.models import Customer, Organization
from tests.browser.people import WIDGET, site_organization
from tests.cast import Cast
from tests.servers import Server, start_server
from tests.services import chromium_path

pytestmark = pytest.mark.browser

CHAT, SHOP, OTHER, EVIL = "chat.test", "shop.test", "other.test", "evil.test"

ASK = """async ([url, license_id]) => {
  const body = JSON.stringify({ grant_type: "cookie", license_id });
  const response = await fetch(url, { method: "POST", credentials: "include", body });
  return response.json();
}"""
FRAME = """([url, origin]) => new Promise((done, fail) => {
  const frame = document.createElement("iframe");
  addEventListener("message", (event) => {
    if (event.origin !== origin) return;
    done(event.data);
    frame.remove();
  });
  setTimeout(() => fail(new Error("no message")), 10_000);
  frame.hidden = true;
  frame.src = url;
  document.body.append(frame);
})"""
OPEN = """(url) => new Promise((done) => {
  const socket = new WebSocket(url);
  socket.onopen = () => done("open");
  socket.onclose = () => done("closed");
})"""


@pytest.fixture(scope="module")
def chat_site(django_db_setup: None, certificate: Any) -> Iterator[Server]:
    with start_server("uvicorn", certificate=certificate) as server:
        yield server
        assert "Traceback" not in server.log()


@pytest.fixture(scope="module")
def strict(chromium: Browser) -> Iterator[Browser]:
    """The same browser, set as its makers meant it to be for everybody."""
    arguments = [
        "--test-third-party-cookie-phaseout",
        "--host-resolver-rules=MAP *.test 127.0.0.1",
        "--ignore-certificate-errors",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]
    browser = chromium.browser_type.launch(executable_path=chromium_path(), args=arguments)
    yield browser
    browser.close()


@pytest.fixture
def organization(shared_db: None, ann: AgentProfile, chat_site: Server) -> Iterator[Organization]:
    organization = site_organization()
    origins = [origin(chat_site, host) for host in (SHOP, OTHER)]
    Organization.objects.filter(pk=organization.pk).update(trusted_origins=origins)
    yield organization
    Organization.objects.filter(pk=organization.pk).update(trusted_origins=[])


@pytest.fixture
def context(strict: Browser) -> Iterator[BrowserContext]:
    """Pages of other sites are made up here; everything of the chat's host is real."""

    context = strict.new_context(ignore_https_errors=True)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def origin(server: Server, host: str = CHAT) -> str:
    return f"https://{host}:{server.port}"


def by_request(page: Page, server: Server, organization: Organization) -> dict[str, Any]:
    url = f"{origin(server)}/livechat/customer/token"
    given: dict[str, Any] = page.evaluate(ASK, [url, organization.license_id])
    return given


def by_frame(page: Page, server: Server, organization: Organization) -> dict[str, Any]:
    here = page.evaluate("location.origin + location.pathname")
    url = f"{origin(server)}/livechat/customer?license_id={organization.license_id}"
    url = f"{url}&response_type=token&state=s&redirect_uri={here}&post_message_uri={here}"
    given: dict[str, Any] = page.evaluate(FRAME, [url, origin(server)])
    return given


FLOWS = pytest.mark.parametrize("flow", [by_request, by_frame])


@FLOWS
def test_a_browser_stays_the_same_customer(
    page: Page, chat_site: Server, organization: Organization, flow: Any
) -> None:
    page.goto(origin(chat_site, SHOP) + "/")
    first = flow(page, chat_site, organization)
    assert first["token_type"] == "Bearer"
    assert tokens.read(first["access_token"]) == Customer.objects.get(pk=first["entity_id"])
    page.goto(origin(chat_site, SHOP) + "/another")
    assert flow(page, chat_site, organization)["entity_id"] == first["entity_id"]
    # The same browser on another site is somebody else.
    page.goto(origin(chat_site, OTHER) + "/")
    assert flow(page, chat_site, organization)["entity_id"] != first["entity_id"]
    page.goto(origin(chat_site, SHOP) + "/")
    assert flow(page, chat_site, organization)["entity_id"] == first["entity_id"]


def test_both_flows_know_the_same_customer(
    page: Page, chat_site: Server, organization: Organization
) -> None:
    page.goto(origin(chat_site, SHOP) + "/")
    first = by_request(page, chat_site, organization)
    assert by_frame(page, chat_site, organization)["entity_id"] == first["entity_id"]


def test_third_party_cookies_are_blocked_here(
    context: BrowserContext, page: Page, chat_site: Server, organization: Organization
) -> None:
    """Otherwise the tests beside this one show nothing."""
    plain = {"name": "plain", "value": "1", "secure": True, "sameSite": "None"}
    context.add_cookies([{**plain, "domain": CHAT, "path": "/"}])  # type: ignore[list-item]
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(origin(chat_site, SHOP) + "/")
    by_request(page, chat_site, organization)
    by_request(page, chat_site, organization)
    page.goto(origin(chat_site) + "/")
    first, second = (_cookies(one) for one in asked if one.url.endswith("/customer/token"))
    visit = next(one for one in asked if one.url == origin(chat_site) + "/")
    assert "plain=1" in _cookies(visit)
    assert first == ""
    assert second.startswith("__Host-livechat_")
    assert "plain=1" not in second


def _cookies(request: Request) -> str:
    return request.all_headers().get("cookie", "")


def test_the_widget_works_in_a_frame(
    page: Page, chat_site: Server, organization: Organization
) -> None:
    seen: list[str] = []
    referrers: list[str] = []

    def look(request: Request) -> None:
        seen.append(request.url)
        referrers.append(request.headers.get("referer", ""))

    page.on("request", look)
    page.on("websocket", lambda socket: seen.append(socket.url))
    page.goto(origin(chat_site, SHOP) + "/?a=private")
    embed(page, chat_site)
    frame = page.frame_locator("iframe")
    frame.locator("#lc-text").fill("From another site")
    frame.locator("#lc-text").press("Enter")
    message = frame.locator(".lc-event__text")
    expect(message).to_have_text("From another site")
    token = frame.locator("body").get_attribute("data-token") or ""
    assert tokens.read(token)
    # A token is in no address, no referrer and no line of the log.
    secret = token.split(":")[0]
    assert len(seen) > 4
    assert not any(secret in one for one in [*seen, *referrers, chat_site.log()])
    page.reload()
    embed(page, chat_site)
    expect(message).to_have_text("From another site")


def embed(page: Page, server: Server, path: str = WIDGET) -> None:
    page.evaluate(
        """(url) => {
          const frame = document.createElement("iframe");
          frame.referrerPolicy = "unsafe-url"; // the worst that a host page can ask for
          frame.src = url;
          document.body.append(frame);
        }""",
        f"{origin(server)}{path}",
    )


@pytest.mark.parametrize("path", [WIDGET, "/admin/login/"])
def test_a_page_that_nobody_trusts_frames_nothing(
    page: Page, chat_site: Server, organization: Organization, path: str
) -> None:
    page.goto(origin(chat_site, EVIL) + "/")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    embed(page, chat_site, path)
    page.wait_for_function("frames.length === 1")
    with page.expect_console_message(lambda message: "frame" in message.text.lower()):
        embed(page, chat_site, path)
    assert page.frame_locator("iframe").first.locator("#lc-text, #id_username").count() == 0


def test_a_page_that_nobody_trusts_gets_no_token(
    page: Page, chat_site: Server, organization: Organization
) -> None:
    page.goto(origin(chat_site, EVIL) + "/")
    given = by_request(page, chat_site, organization)
    assert given["oauth_exception"] == "authorization"
    assert "trusted origins" in given["error"]["message"]


def test_no_socket_is_hijacked(
    context: BrowserContext, page: Page, chat_site: Server, organization: Organization
) -> None:
    """Though the cookies of somebody who is signed in are there."""

    browser = Client()
    browser.force_login(Cast().ann.user)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "secure": True}
    context.add_cookies([{**cookie, "domain": CHAT, "path": "/", "sameSite": "None"}])  # type: ignore[list-item]
    sockets = origin(chat_site).replace("https", "wss")
    rtm = f"{sockets}/livechat/v3.5/customer/rtm/ws?license_id={organization.license_id}"
    console = f"{sockets}/livechat/console/ws"
    expected = {EVIL: ("closed", "closed"), SHOP: ("open", "closed")}
    for host, outcome in expected.items():
        page.goto(origin(chat_site, host) + "/")
        assert tuple(page.evaluate(OPEN, url) for url in (rtm, console)) == outcome, host
    # On the chat's own page the same cookies open both.
    page.goto(f"{origin(chat_site)}/")
    assert [page.evaluate(OPEN, url) for url in (rtm, console)] == ["open", "open"]
