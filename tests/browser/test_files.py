"""Files in a browser: sent from the console, seen on both sides, and run nowhere."""

import io
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, FilePayload, Page, expect

from livechat_widget.domain import files, uploads
from livechat_widget.models import Event
from tests.browser.people import Agent, Visitor
from tests.browser.test_widget import audit, chat_of
from tests.cast import Cast
from tests.hostile_files import HTML, SAMPLES, Sample, ids, pdf
from tests.pictures import draw
from tests.servers import Server

pytestmark = pytest.mark.browser

# As a page might get at a file: each is told to load it, and then whether something ran.
EMBED = """async (url) => {
  const made = ["iframe", "script", "object", "embed", "img", "link"].map((name) => {
    const element = document.createElement(name);
    if (name === "link") element.rel = "stylesheet";
    element[{ object: "data", link: "href" }[name] ?? "src"] = url;
    const settled = new Promise((resolve) => {
      element.onload = element.onerror = resolve;
    });
    document.body.append(element);
    // What becomes a download never tells that it has loaded.
    return ["script", "img", "link"].includes(name) ? settled : undefined;
  });
  await Promise.all(made);
  await fetch(url);
  return { owned: top.owned ?? null, title: document.title };
}"""
DROP = """(zone, { name, type }) => {
  const given = new DataTransfer();
  given.items.add(new File(["%PDF-1.4 dropped"], name));
  const options = { bubbles: true, cancelable: true };
  const event = type === "paste"
    ? new ClipboardEvent(type, { ...options, clipboardData: given })
    : new DragEvent(type, { ...options, dataTransfer: given });
  zone.dispatchEvent(event);
}"""


@pytest.fixture
def stranger(chromium: Browser, shared_db: None) -> Iterator[Page]:
    """A browser whose complaints about what it refuses are no problem."""
    context = chromium.new_context(accept_downloads=True)
    yield context.new_page()
    context.close()


def audit_console(page: Page) -> None:
    found = Axe().run(page, context="#lc-console", options={"resultTypes": ["violations"]})
    assert found.response["violations"] == [], found.generate_report()


def share(name: str, data: bytes) -> str:
    cache.clear()
    return files.address(uploads.take(Cast().customer(), io.BytesIO(data), name))


def test_a_file_is_sent_and_seen_on_both_sides(
    visitor: Visitor, agent: Agent, server: Server
) -> None:
    agent.visit(server.url)
    visitor.visit(server.url)
    visitor.introduce()
    visitor.say("How do I fold it?")
    agent.take(visitor.name)
    picture: FilePayload = {
        "name": "folded.png", "mimeType": "image/png", "buffer": draw(size=(600, 300))
    }  # fmt: skip
    agent.pane.locator("[type=file]").set_input_files([picture])
    for side in (visitor.at(".lc-file img"), agent.pane.locator(".lc-file img")):
        expect(side).to_be_visible()
        assert side.evaluate("async (image) => { await image.decode(); return image.width }") > 0
    audit(visitor.page)
    audit_console(agent.page)
    for place, (kind, zone) in enumerate([("drop", ".lc-conversation"), ("paste", "textarea")]):
        name = f"{kind}ped.pdf"
        agent.pane.locator(zone).evaluate(DROP, {"name": name, "type": kind})
        expect(visitor.at(".lc-file bdi")).to_have_count(place + 1)
        expect(visitor.at(".lc-file bdi").last).to_have_text(name)
    expect(agent.pane.locator(".lc-upload")).to_be_hidden()
    assert Event.objects.filter(chat=chat_of(visitor), type="file").count() == 3


def test_an_agent_hears_why_a_file_is_not_taken(
    visitor: Visitor, agent: Agent, server: Server, problems: list[str]
) -> None:
    agent.visit(server.url)
    visitor.visit(server.url)
    visitor.introduce()
    visitor.say("Send me the program")
    agent.take(visitor.name)
    program: FilePayload = {
        "name": "setup.exe", "mimeType": "image/png", "buffer": b"MZ\x90\x00" + b"\0" * 60
    }  # fmt: skip
    agent.pane.locator("[type=file]").set_input_files([program])
    expect(agent.note).to_contain_text("is not taken here")
    assert [one for one in problems if "400" not in one] == []
    problems.clear()


def test_an_upload_can_be_given_up(visitor: Visitor, agent: Agent, server: Server) -> None:
    agent.visit(server.url)
    visitor.visit(server.url)
    visitor.introduce()
    visitor.say("Take your time")
    agent.take(visitor.name)
    agent.page.route("**/files?*", lambda route: None)  # it never gets through
    manual: FilePayload = {
        "name": "manual.pdf", "mimeType": "", "buffer": b"%PDF-1.4"
    }  # fmt: skip
    agent.pane.locator("[type=file]").set_input_files([manual])
    expect(agent.pane.locator(".lc-upload__name")).to_have_text("manual.pdf")
    audit_console(agent.page)
    agent.pane.get_by_role("button", name="Cancel").click()
    expect(agent.pane.locator(".lc-upload")).to_be_hidden()
    expect(agent.note).to_be_empty()
    assert not Event.objects.filter(chat=chat_of(visitor), type="file").exists()


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.kept_as], ids=ids)
def test_nothing_in_it_runs_in_a_page_of_the_site(
    stranger: Page, server: Server, sample: Sample
) -> None:
    stranger.goto(server.url)
    title = stranger.title()
    ran = stranger.evaluate(EMBED, share(sample.name, sample.data))
    assert ran == {"owned": None, "title": title}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="top.owned = 1"/>'),
        ("page.html", HTML),
        ("script.pdf", pdf()),
    ],
)
def test_what_is_opened_becomes_a_download(
    stranger: Page, server: Server, name: str, data: bytes
) -> None:
    stranger.goto(server.url)
    url = share(name, data)
    with stranger.expect_download() as download:
        stranger.evaluate("(url) => { location.href = url }", url)
    saved = download.value
    assert saved.path().read_bytes() == data
    assert saved.suggested_filename.endswith((".txt", ".pdf"))
    assert stranger.url == f"{server.url}/"
    assert stranger.evaluate("top.owned ?? null") is None


def test_a_picture_with_a_page_behind_it_is_a_picture(stranger: Page, server: Server) -> None:
    stranger.goto(f"{server.url}{share('page.png', draw() + HTML)}")
    assert stranger.evaluate("document.contentType") == "image/png"
    assert stranger.evaluate("document.images.length") == 1
    assert stranger.evaluate("top.owned ?? null") is None
    # The sandbox: whatever it were, it would have no origin of ours.
    assert stranger.evaluate("self.origin") == "null"
