"""A visitor and an agent, in real browsers, from the first sign-in to the answer."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

USERNAME, PASSWORD = "ann", "a long enough secret"
CONSOLE = "admin/livechat_widget/chat/console/"
# Machines that run tests are busy.
PATIENCE_MS = 15_000


@contextmanager
def open_browser(chromium: str) -> Iterator[Browser]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


def talk(browser: Browser, address: str) -> None:
    """The visitor asks, the agent answers, and both see both."""
    console = _open_console(browser, address)
    page = browser.new_page()
    page.goto(address)
    page.locator("#livechat-launcher").click()
    panel = page.frame_locator("#livechat-panel")
    expect(panel.locator("#lc-text")).to_be_focused()
    panel.locator("#lc-text").fill("Is anybody there?")
    panel.locator("#lc-text").press("Enter")
    expect(panel.locator("#lc-events")).to_contain_text("Is anybody there?")
    _answer(console, "Good day, Ann speaking.")
    expect(panel.locator("#lc-events")).to_contain_text("Good day, Ann speaking.")


def see_the_end(browser: Browser, address: str) -> None:
    """The page sets its title when its script has come to the end."""
    page = browser.new_page()
    page.goto(address)
    expect(page).to_have_title("done")


def _open_console(browser: Browser, address: str) -> Page:
    """Sign in, become an agent as the README says, and open the console."""
    page = browser.new_page()
    page.goto(f"{address}admin/livechat_widget/agent/add/")
    page.locator("#id_username").fill(USERNAME)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("[type=submit]").click()
    page.locator("#id_user").fill("1")
    page.locator(".field-organization .select2-selection").click()
    page.locator(".select2-results__option", has_text="Support").click()
    page.locator("#id_name").fill("Ann")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(address + CONSOLE)
    return page


def _answer(console: Page, text: str) -> None:
    console.locator(".lc-row__open", has_text="Is anybody there?").click()
    pane = console.locator(".lc-pane")
    pane.locator("textarea").fill(text)
    pane.locator("textarea").press("Enter")
    expect(pane).to_contain_text(text)
