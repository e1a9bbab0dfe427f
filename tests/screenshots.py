"""Take the pictures of the docs anew: ``make screenshots``.

The demo runs on a database of its own, a visitor and an agent talk, and Chromium looks.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.services import chromium_path, require

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PORT = 8765
SITE = f"http://localhost:{PORT}"
TALK = [
    ("visitor", "Hello! Is the blue teapot dishwasher safe?"),
    ("agent", "Hi Vera! Yes it is, up to 60 °C. Its lid is happier by hand, though."),
    ("visitor", "Good to know. And does it keep tea warm for an hour?"),
    ("agent", "With the wool cosy it does: https://example.com/cosy"),
]


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DEMO_DATABASE": f"{folder}/demo.sqlite3"}
        command = [sys.executable, "manage.py", "demo", "--port", str(PORT)]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
        try:
            assert server.stdout
            for _ in range(3):  # the three lines of the demo: it is up
                server.stdout.readline()
            with sync_playwright() as playwright:
                look(open_browser(playwright))
        finally:
            server.terminate()
            server.wait()


def open_browser(playwright) -> Browser:
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    path = require("Chromium", chromium_path())
    return playwright.chromium.launch(executable_path=path, args=[*options, "--disable-gpu"])


def look(browser: Browser) -> None:
    options = {"viewport": {"width": 1180, "height": 740}, "device_scale_factor": 1.5}
    visitor = browser.new_context(**options).new_page()
    agent = browser.new_context(**options).new_page()
    visitor.goto(SITE)
    visitor.click("#livechat-launcher")
    agent.goto(f"{SITE}/admin/livechat_widget/chat/console/")
    agent.fill("#id_username", "ann")
    agent.fill("#id_password", "demo")
    agent.press("#id_password", "Enter")
    visitor.frame_locator("iframe").locator("input[name=name]").fill("Vera Lind")
    for who, text in TALK:
        if who == "visitor":
            write(visitor, visitor.frame_locator("iframe"), text)
            open_chat(agent)
        else:
            write(agent, agent, text)
    answered = visitor.frame_locator("iframe").locator(".lc-event--message", has_text="cosy it")
    answered.first.wait_for()
    visitor.screenshot(path=IMAGES / "widget.png")
    agent.screenshot(path=IMAGES / "console.png")


def open_chat(agent: Page) -> None:
    agent.locator("li.lc-row", has_text="Vera").first.wait_for()
    take = agent.get_by_role("button", name="Take")
    if not agent.locator("textarea:visible").count():
        agent.locator("li.lc-row", has_text="Vera").first.click()
        take.first.click()


def write(page: Page, place, text: str) -> None:
    box = place.locator("textarea:visible").first
    box.fill(text)
    box.press("Enter")
    place.locator(".lc-event--message", has_text=text[:20]).first.wait_for()


if __name__ == "__main__":
    main()
