"""A greeting beside the launcher, in the hands of a visitor."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, expect

from livechat_widget.models import Agent as AgentProfile
from livechat_widget.models import Greeting, GreetingTemplate, Group
from tests.browser.people import Visitor, site_organization
from tests.browser.test_embed import Traffic
from tests.servers import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def template(ann: AgentProfile, shared_db: None) -> Iterator[Callable[..., GreetingTemplate]]:
    def make(**fields: Any) -> GreetingTemplate:
        group = Group.objects.get(organization=site_organization(), number=0)
        given = {"name": "Hello", "text": "May I help you with the teapots?"}
        return GreetingTemplate.objects.create(group=group, **{**given, **fields})

    yield make
    GreetingTemplate.objects.all().delete()


def visit(visitor: Visitor, url: str) -> FrameLocator:
    visitor.page.goto(f"{url}/?greetings=1")
    return visitor.page.frame_locator("#livechat-greeting")


def test_it_is_taken_up(visitor: Visitor, template: Callable[..., Any], server: Server) -> None:
    template()
    bubble = visit(visitor, server.url)
    expect(bubble.get_by_text("May I help you with the teapots?")).to_be_visible()
    found = Axe().run(visitor.page, options={"resultTypes": ["violations"]})
    assert found.response["violations"] == [], found.generate_report()
    bubble.get_by_role("button", name="Reply").click()
    expect(visitor.page.locator("#livechat-greeting")).to_have_count(0)
    visitor.enter_frame()
    expect(visitor.field).to_be_focused()
    expect(visitor.at("#lc-conversation")).to_contain_text("May I help you with the teapots?")
    assert Greeting.objects.latest("created_at").accepted
    visitor.say("Yes, please")
    for _ in range(2):
        expect(visitor.at("#lc-greeting")).to_have_count(1)
        expect(visitor.at("#lc-greeting")).to_be_visible()
        visitor.page.reload()


def test_it_is_closed_and_stays_so(
    visitor: Visitor, template: Callable[..., Any], server: Server
) -> None:
    template()
    bubble = visit(visitor, server.url)
    bubble.get_by_role("button", name="Close").focus()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator("#livechat-greeting")).to_have_count(0)
    expect(visitor.launcher).to_be_focused()
    assert Greeting.objects.latest("created_at").canceled
    with visitor.page.expect_response("**/widget/greeting?**") as response:
        visit(visitor, server.url)
    assert response.value.status == 204
    expect(visitor.page.locator("#livechat-greeting")).to_be_hidden()


def test_it_is_a_bubble_on_a_phone_and_makes_way_for_the_chat(
    new_visitor: Callable[..., Visitor], template: Callable[..., Any], server: Server
) -> None:
    template(text="May I help? " * 20)
    visitor = new_visitor(viewport={"width": 375, "height": 667}, is_mobile=True, has_touch=True)
    bubble = visit(visitor, server.url)
    expect(bubble.get_by_role("button", name="Reply")).to_be_visible()
    box = visitor.page.locator("#livechat-greeting").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 375
    visitor.launcher.tap()
    expect(visitor.page.locator("#livechat-greeting")).to_have_count(0)
    visitor.enter_frame()
    expect(visitor.at("#lc-conversation")).to_contain_text("May I help?")


def test_where_the_site_does_not_greet_nothing_is_asked(
    visitor: Visitor, template: Callable[..., Any], server: Server
) -> None:
    template()
    before = Greeting.objects.count()
    traffic = Traffic(visitor.page)
    visitor.page.goto(server.url, wait_until="networkidle")
    expect(visitor.launcher).to_have_attribute("role", "button")
    assert len(traffic.paths()) == 3
    assert visitor.page.context.cookies() == []
    assert Greeting.objects.count() == before
