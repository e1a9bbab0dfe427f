"""Who sits at the two ends of a chat: a visitor at the widget, an agent at the console."""

import re
import uuid

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from playwright.sync_api import FrameLocator, Locator, Page, expect

from livechat_widget.models import Agent as AgentProfile
from livechat_widget.models import Organization

CONSOLE = "/admin/livechat_widget/chat/console/"
WIDGET = "/livechat/widget/"
PASSWORD = "secret"


def site_organization() -> Organization:
    """The one that the widget's page serves."""
    return Organization.objects.filter(site_id=None).earliest("pk")


def hire(name: str) -> AgentProfile:
    """An agent of the site who may use the console and accepts chats; nobody is given any."""
    site_organization().groups.update(strategy="manual")
    username = f"{name.lower()}-{uuid.uuid4().hex[:8]}"
    user = get_user_model().objects.create_user(username, password=PASSWORD, is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="use_console"))
    return AgentProfile.objects.create(
        user=user, organization=site_organization(), name=name, accepting=True
    )


class Visitor:
    """Somebody with the widget before them: in the frame of a host page, or as a page alone."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.launcher = page.locator("#livechat-launcher")
        self.panel = page.locator("#livechat-panel")
        self.view: Page | FrameLocator = page

    def visit(self, url: str) -> None:
        """The widget's page, without a host page around it."""
        self.page.goto(f"{url}{WIDGET}")
        self.view = self.page
        expect(self.field).to_be_editable()

    def press_launcher(self) -> None:
        self.launcher.click()
        self.enter_frame()
        expect(self.field).to_be_focused()

    def enter_frame(self) -> None:
        self.view = self.page.frame_locator("#livechat-panel")

    def introduce(self) -> None:
        self.at("[name=name]").fill(self.name)

    def at(self, selector: str) -> Locator:
        return self.view.locator(selector)

    @property
    def field(self) -> Locator:
        return self.at("#lc-text")

    @property
    def messages(self) -> Locator:
        return self.at("#lc-events > .lc-event--message .lc-event__text")

    @property
    def banner(self) -> Locator:
        return self.at("#lc-banner")

    @property
    def note(self) -> Locator:
        return self.at("#lc-note")

    def write(self, text: str) -> None:
        """Press Enter on it, whatever becomes of it."""
        self.field.fill(text)
        self.field.press("Enter")

    def say(self, text: str) -> None:
        self.write(text)
        expect(self.messages.last).to_have_text(text)
        expect(self.field).to_have_value("")


class Agent:
    """Somebody with the console before them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pane = page.locator(".lc-pane[data-current]")
        self.field = self.pane.locator("textarea")
        self.messages = self.pane.locator(".lc-event--message .lc-event__text")
        self.note = self.pane.locator(".lc-composer__note")
        self.state = page.locator("#lc-state")

    def visit(self, url: str) -> None:
        self.page.goto(f"{url}{CONSOLE}")
        expect(self.state).to_have_attribute("data-state", "open")

    def row(self, name: str, status: str) -> Locator:
        """The row of a visitor's chat in a section: waiting, mine, others or closed."""
        return self.page.locator(f"#lc-{status} .lc-row").filter(
            has=self.page.locator(".lc-row__name", has_text=re.compile(f"^{re.escape(name)}$"))
        )

    def take(self, name: str) -> None:
        self.row(name, "waiting").click()
        self.pane.get_by_role("button", name="Take this chat").click()
        expect(self.field).to_be_focused()

    def write(self, text: str) -> None:
        """Press Enter on it, whatever becomes of it."""
        self.field.fill(text)
        self.field.press("Enter")

    def say(self, text: str) -> None:
        self.write(text)
        expect(self.messages.last).to_have_text(text)
        expect(self.field).to_have_value("")

    def end(self) -> None:
        self.pane.get_by_role("button", name="End chat").click()
        self.page.get_by_role("dialog").get_by_role("button", name="End chat").click()
