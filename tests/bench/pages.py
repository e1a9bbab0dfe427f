"""What a visitor's browser loads: a real Chromium on the demo's shop, its network read out.

``python -m tests.bench.pages URL`` prints it as JSON. It is a process of its own so that a browser
that hangs can be ended, with all that it started.
"""

import gzip
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, expect, sync_playwright

from tests.services import chromium_path

from .servers import ROOT

# Everything of the chat is under one of these; the rest is the shop.
OURS = ("/livechat/", "/static/livechat_widget/", "/static/django_htmx/")
QUIET_MILLISECONDS = 500
BROWSER_SECONDS = 90


@dataclass(frozen=True)
class Load:
    """Bytes as a server with gzip would send the bodies, and how many requests it took."""

    size: int
    requests: int


def weigh(url: str) -> tuple[Load, Load]:
    """The chat on a shop page before the click, and from the click until one can type."""
    command = [sys.executable, "-m", "tests.bench.pages", url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, start_new_session=True) as process:
        try:
            out, _ = process.communicate(timeout=BROWSER_SECONDS)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"Waited {BROWSER_SECONDS} s for Chromium on {url}.") from None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    before, after = (Load(**load) for load in json.loads(out))
    return before, after


def browse(url: str) -> tuple[Load, Load]:
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


if __name__ == "__main__":
    print(json.dumps([asdict(load) for load in browse(sys.argv[1])]))
