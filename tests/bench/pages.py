"""What a visitor's browser loads: a real Chromium on the demo's shop, its network read out."""

import gzip
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, expect, sync_playwright

from tests.services import chromium_path

# Everything of the chat is under one of these; the rest is the shop.
OURS = ("/livechat/", "/static/livechat_widget/", "/static/django_htmx/")
QUIET_MILLISECONDS = 500


@dataclass(frozen=True)
class Load:
    """Bytes as a server with gzip would send the bodies, and how many requests it took."""

    size: int
    requests: int


def weigh(url: str) -> tuple[Load, Load]:
    """The chat on a shop page before the click, and from the click until one can type."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        page = browser.new_page()
        requests: list[Request] = []
        page.on("requestfinished", lambda request: requests.append(request))
        page.goto(url, wait_until="networkidle")
        before = _load(requests)
        requests.clear()
        _open(page)
        after = _load(requests)
        browser.close()
    return before, after


def _open(page: Page) -> None:
    page.locator("#livechat-launcher").click()
    composer = page.frame_locator("#livechat-panel").locator("textarea")
    expect(composer).to_be_editable()
    # What the composer needs to work may still be on its way when it can be seen.
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(QUIET_MILLISECONDS)
    composer.fill("Hello")


def _load(requests: list[Request]) -> Load:
    ours = [one for one in requests if urlsplit(one.url).path.startswith(OURS)]
    bodies = [response.body() for one in ours if (response := one.response())]
    return Load(sum(len(gzip.compress(body, 6)) for body in bodies), len(ours))
