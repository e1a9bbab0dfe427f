"""The joined files do in a browser what their sources do."""

import mimetypes
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from livechat_widget.management.bundles import BUNDLES, STATIC, Bundle

pytestmark = pytest.mark.browser

READ_RULES = """
(texts) => texts.map((text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  const rules = [...sheet.cssRules].map(({ cssText }) => cssText).join(" ");
  // The values of custom properties are kept as they were written.
  return rules.replace(/\\s+/g, " ").replaceAll(", ", ",");
})
"""


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.name)
def test_the_sheet_says_the_same_as_its_sources(chromium: Browser, bundle: Bundle) -> None:
    sources = "\n".join((STATIC / name).read_text() for name in bundle.sheets)
    joined = (STATIC / f"{bundle.name}.bundle.css").read_text()
    with chromium.new_page() as page:
        before, after = page.evaluate(READ_RULES, [sources, joined])
    assert before.count("{") > 30
    assert after == before


class Site:
    """A site in production, as far as a browser sees it: hashed names, and no server to ask."""

    def __init__(self, client: Client, files: Path) -> None:
        self._client = client
        self._files = files
        self.served: list[str] = []

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if route.request.method != "GET" or path.endswith("/news"):
            route.abort()
        elif path.startswith("/static/"):
            self.served.append(path)
            file = self._files / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(path)[0])
        else:
            response = self._client.get(path)
            route.fulfill(body=response.content, headers=dict(response.items()))


@pytest.fixture
def page(
    new_context: Callable[..., BrowserContext], client: Client, tmp_path: Path, settings: Any
) -> Page:
    """The widget's page of such a site."""
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])
    site = Site(client, tmp_path)
    page = new_context().new_page()
    page.route("**/*", site.answer)
    page.route_web_socket("**/rtm/ws**", lambda socket: socket.close())
    page.goto("http://localhost/livechat/widget/")
    assert all(re.search(r"\.[0-9a-f]{12}\.(js|css)$", path) for path in site.served)
    assert len(site.served) == 3
    return page


def test_it_works_under_hashed_names_and_the_strict_policy(page: Page) -> None:
    page.get_by_label("Your message").fill("Hello")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Not sent yet.")


def test_it_leaves_markup_to_its_own_fragments(page: Page, problems: list[str]) -> None:
    """Trusted Types know one policy, and that knows only what the socket has just brought."""
    for attempt in (
        "document.body.innerHTML = '<b>x</b>'",
        "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
        "htmx.swap(document.body, '<b>x</b>', {swapStyle: 'innerHTML'})",
    ):
        tried = f"() => {{ try {{ {attempt} }} catch (error) {{ return error.name }} }}"
        assert page.evaluate(tried) == "TypeError"
    expect(page.locator("b")).to_have_count(0)
    assert problems == ["htmx:swapError"]
    problems.clear()
