"""Forms, the rating and the transcript, in the hands of a visitor."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from livechat_widget.domain import chats
from livechat_widget.models import Agent as AgentProfile
from livechat_widget.models import Event, Form, FormField, Group, Presence, Thread, Ticket
from tests.browser.line import Line
from tests.browser.people import WIDGET, Visitor, site_organization
from tests.browser.test_widget import audit, chat_of, reply
from tests.servers import Server

pytestmark = pytest.mark.browser

PRECHAT = [
    {"type": "header", "label": "Tell us who you are. See https://example.org/privacy"},
    {"type": "name", "label": "Name", "required": True},
    {"type": "email", "label": "Mail", "required": True},
    {"type": "question", "label": "Order number"},
    {"type": "textarea", "label": "What is it about?"},
    {"type": "radio", "label": "Size", "options": "Small\nLarge"},
    {"type": "select", "label": "Colour", "options": "Red\nBlue"},
    {"type": "checkbox", "label": "Extras", "options": "Lid\nBow", "required": True},
    {"type": "checkbox_for_email", "label": "I agree: https://example.org/terms", "required": True},
]
TICKET = [
    {"type": "email", "label": "Mail", "required": True},
    {"type": "subject", "label": "Subject"},
    {"type": "textarea", "label": "Your message", "required": True},
]
POSTCHAT = [
    {"type": "rating", "label": "How was it?"},
    {"type": "question", "label": "Anything else?"},
]

Make = Callable[..., Form]


@pytest.fixture
def form(shared_db: None) -> Iterator[Make]:
    """Makes a form of the site's general group, for this test alone."""

    def make(form_type: str, fields: list[dict[str, Any]]) -> Form:
        group = Group.objects.get(organization=site_organization(), number=0)
        made = Form.objects.create(group=group, type=form_type)
        for position, field in enumerate(fields):
            FormField.objects.create(form=made, position=position, **field)
        return made

    yield make
    Form.objects.all().delete()


@pytest.fixture
def nobody(ann: AgentProfile) -> Iterator[None]:
    """No agent of the site accepts chats."""
    accepting = AgentProfile.objects.filter(organization=ann.organization, accepting=True)
    keys = list(accepting.values_list("pk", flat=True))
    accepting.update(accepting=False)
    yield
    AgentProfile.objects.filter(pk__in=keys).update(accepting=True)


@pytest.fixture
def ann_here(ann: AgentProfile) -> AgentProfile:
    """Ann, whose console is open somewhere."""
    until = now() + timedelta(days=1)
    Presence.objects.update_or_create(author=ann.public_id, defaults={"until": until})
    return ann


def open_page(visitor: Visitor, url: str) -> None:
    visitor.page.goto(f"{url}{WIDGET}")
    visitor.view = visitor.page


def fill_prechat(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("textbox", name="Name", exact=True).fill(visitor.name)
    page.get_by_role("textbox", name="Mail", exact=True).fill("vera@example.org")
    page.get_by_label("What is it about?").fill("Two\nlines")
    page.get_by_label("Large").check()
    page.get_by_label("Colour").select_option("Blue")
    page.get_by_label("I agree").check()


def test_the_first_message_waits_for_the_form(visitor: Visitor, form: Make, line: Line) -> None:
    form("prechat", PRECHAT)
    page = visitor.page
    open_page(visitor, line.url)
    expect(visitor.field).to_be_hidden()
    audit(page)
    start = page.get_by_role("button", name="Start the chat")
    # What the browser can tell by itself is not posted.
    start.click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_focused()
    fill_prechat(visitor)
    start.click()
    extras = page.get_by_role("group", name="Extras")
    expect(extras).to_be_focused()
    expect(extras).to_contain_text("An answer is required.")
    audit(page)
    page.reload()
    expect(page.get_by_label("What is it about?")).to_have_value("Two\nlines")
    expect(page.get_by_label("Large")).to_be_checked()
    expect(page.get_by_label("Colour")).to_have_value("1")
    expect(page.get_by_label("I agree")).to_be_checked()
    page.get_by_label("Bow").check()
    line.cut_at_answer_to(b"POST /livechat/widget/questions/prechat")
    start.click()
    expect(visitor.at("#lc-prechat [role=alert]")).not_to_be_empty()
    line.restore()
    start.click()
    expect(visitor.field).to_be_focused()
    filled = Event.objects.get(chat=chat_of(visitor), type="filled_form")
    assert {one["label"] for one in filled.content["fields"]} == {
        field["label"] for field in PRECHAT if field["type"] not in ("header", "question")
    }
    expect(visitor.at(".lc-event--filled_form")).to_contain_text("Two\nlines")
    visitor.say("And one more thing")
    audit(page)
    # What went out is not kept.
    assert page.evaluate("sessionStorage.getItem('livechat-drafts')") is None


def test_a_ticket_is_left_when_nobody_is_there(
    visitor: Visitor, form: Make, nobody: None, server: Server
) -> None:
    form("ticket", TICKET)
    page = visitor.page
    open_page(visitor, server.url)
    expect(page.get_by_role("heading", name="Leave us a message")).to_be_visible()
    audit(page)
    page.get_by_role("textbox", name="Mail", exact=True).fill("vera@example.org")
    page.get_by_role("textbox", name="Your message").fill("Help")
    page.get_by_role("button", name="Send").click()
    receipt = page.get_by_role("heading", name="Thank you, we have your message.")
    expect(receipt).to_be_focused()
    ticket = Ticket.objects.get(customer=visitor.at("body").get_attribute("data-me"))
    expect(visitor.at("#lc-asked")).to_contain_text(ticket.pk)
    audit(page)
    page.get_by_role("link", name="Write another message").click()
    expect(page.get_by_role("heading", name="Leave us a message")).to_be_focused()
    expect(page.get_by_role("textbox", name="Your message")).to_have_value("")


def test_after_the_end_it_asks_how_it_was(
    visitor: Visitor, form: Make, ann: AgentProfile, server: Server
) -> None:
    form("postchat", POSTCHAT)
    page = visitor.page
    visitor.visit(server.url)
    visitor.say("Hello?")
    chat = chat_of(visitor)
    reply(chat, ann, "Good day")
    chats.deactivate(chat.pk, ann)
    page.get_by_label("Good").check()
    page.get_by_label("Your comment").fill("Kind")
    page.get_by_label("Anything else?").fill("No")
    audit(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Thank you for your rating!")).to_be_focused()
    expect(page.get_by_role("button", name="Good")).to_have_attribute("aria-pressed", "true")
    assert Thread.objects.get(chat=chat).properties["rating"] == {"score": 1, "comment": "Kind"}
    expect(visitor.at(".lc-event--filled_form")).to_contain_text("No")
    audit(page)
    page.get_by_role("link", name="Start a new chat").click()
    visitor.say("One more thing")
    expect(visitor.at("#lc-asked > *")).to_have_count(0)


def test_a_rating_is_given_changed_and_withdrawn_while_one_talks(
    visitor: Visitor, ann: AgentProfile, server: Server
) -> None:
    page = visitor.page
    visitor.visit(server.url)
    visitor.say("Hello?")
    chat = chat_of(visitor)
    reply(chat, ann, "Good day")
    expect(visitor.messages.last).to_have_text("Good day")
    visitor.at(".lc-menu summary").click()
    page.get_by_role("button", name="Rate or keep this chat").click()
    good, bad = (page.get_by_role("button", name=name, exact=True) for name in ("Good", "Bad"))
    expect(page.get_by_role("heading", name="How was this chat?")).to_be_focused()
    for button, pressed in ((good, "true"), (bad, "true"), (bad, "false")):
        button.click()
        expect(button).to_have_attribute("aria-pressed", pressed)
    good.click()
    page.get_by_label("Would you like to add something?").fill("Quick")
    # Whatever is said meanwhile takes nothing away.
    reply(chat, ann, "Anything else?")
    expect(visitor.messages.last).to_have_text("Anything else?")
    page.get_by_role("button", name="Add the comment").click()
    expect(page.get_by_text("Your comment is saved.")).to_be_visible()
    assert Thread.objects.get(chat=chat).properties["rating"] == {"score": 1, "comment": "Quick"}
    audit(page)
    page.get_by_role("button", name="Back to the chat").click()
    expect(visitor.field).to_be_focused()


def test_a_transcript_is_sent_to_the_address_that_is_given(
    visitor: Visitor, ann: AgentProfile, server: Server
) -> None:
    page = visitor.page
    visitor.visit(server.url)
    visitor.say("Hello?")
    chat = chat_of(visitor)
    reply(chat, ann, "Good day")
    chats.deactivate(chat.pk, ann)
    page.get_by_text("E-mail me this chat").click()
    page.get_by_label("Your e-mail address").fill("vera@example")
    page.get_by_role("button", name="Send me the chat").click()
    expect(page.get_by_text("Write an e-mail address")).to_be_visible()
    expect(page.get_by_label("Your e-mail address")).to_be_focused()
    audit(page)
    page.get_by_label("Your e-mail address").fill("vera@example.org")
    page.get_by_role("button", name="Send me the chat").click()
    expect(page.get_by_text("It goes to vera@example.org")).to_be_visible()
    asked = Thread.objects.get(chat=chat).properties["routing"]["transcript_email"]
    assert asked == "vera@example.org"


def test_without_javascript_the_form_is_a_form(
    new_visitor: Callable[..., Visitor], form: Make, server: Server
) -> None:
    form("prechat", PRECHAT)
    visitor = new_visitor(java_script_enabled=False)
    page = visitor.page
    open_page(visitor, server.url)
    fill_prechat(visitor)
    page.get_by_role("button", name="Start the chat").click()
    extras = page.get_by_role("group", name="Extras")
    expect(extras).to_contain_text("An answer is required.")
    expect(page.get_by_label("What is it about?")).to_have_value(re.compile("Two\n?\r?\nlines"))
    page.get_by_label("Lid").check()
    page.get_by_role("button", name="Start the chat").click()
    expect(page).to_have_url(f"{server.url}{WIDGET}")
    expect(visitor.at(".lc-event--filled_form")).to_contain_text("Lid")


def test_it_follows_who_is_there(
    visitor: Visitor, form: Make, ann_here: AgentProfile, nobody: None, server: Server
) -> None:
    form("ticket", TICKET)
    form("prechat", PRECHAT)
    page = visitor.page
    open_page(visitor, server.url)
    expect(page.get_by_role("heading", name="Leave us a message")).to_be_visible()
    expect(visitor.at("#lc-header")).to_contain_text("We are offline")
    AgentProfile.objects.filter(pk=ann_here.pk).update(accepting=True)
    expect(page.get_by_role("heading", name="Before we start")).to_be_visible()
    expect(visitor.at("#lc-header")).to_contain_text("We are online")
    # Who has begun to answer goes on.
    field = page.get_by_role("textbox", name="Order number")
    field.fill("7")
    with page.expect_websocket() as opened:
        page.reload()
    opened.value.wait_for_event("framereceived")  # what changes from now on is pushed
    field.focus()
    with opened.value.expect_event("framereceived", lambda frame: "groups_status" in str(frame)):
        AgentProfile.objects.filter(pk=ann_here.pk).update(accepting=False)
    expect(field).to_have_value("7")
    expect(field).to_be_focused()


def test_it_learns_who_came_while_its_socket_was_away(
    visitor: Visitor, form: Make, ann_here: AgentProfile, nobody: None, line: Line
) -> None:
    form("ticket", TICKET)
    open_page(visitor, line.url)
    expect(visitor.at("#lc-header")).to_contain_text("We are offline")
    line.cut()
    expect(visitor.banner).to_be_visible()
    AgentProfile.objects.filter(pk=ann_here.pk).update(accepting=True)
    line.restore()
    expect(visitor.at("#lc-header")).to_contain_text("We are online")
    expect(visitor.field).to_be_visible()
