"""How events of every type are drawn, on the widget's page and in the console's list."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.urls import reverse

from livechat_widget.domain import chats, edits, events, tokens
from livechat_widget.models import Chat, Customer, Event, Organization
from livechat_widget.protocol.events import (
    AnyNew,
    FormField,
    KeptFile,
    NewCustom,
    NewFilledForm,
    NewForm,
    NewMessage,
    NewRichMessage,
    NewSystemMessage,
)
from livechat_widget.protocol.rich import Button, Element, Image
from tests.cast import Cast

WIDGET = "/livechat/widget/"
EVIL = "<img src=/canary onerror=alert(1)>\"'"
ESCAPED = "&lt;img src=/canary onerror=alert(1)&gt;&quot;&#x27;"
CARD = NewRichMessage(
    template_id="cards",
    elements=[
        Element(
            title=EVIL,
            subtitle=EVIL,
            image=Image(url="https://shop.example/a'b.png", alternative_text=EVIL),
            buttons=[
                Button(text=EVIL, postback_id=EVIL, type="message", value="I take it"),
                Button(
                    text="Look", postback_id="look", type="url", value="https://shop.example/?a&b"
                ),
                Button(
                    text="Read", postback_id="read", type="webview", value="https://shop.example/"
                ),
                Button(text="Call", postback_id="call", type="phone", value="+49 (0)30 123"),
                Button(text="Later", postback_id="later", type="cancel"),
                Button(text="Plain", postback_id="plain"),
            ],
        )
    ],
)
PICTURE = KeptFile(
    name=EVIL,
    content_type="image/png",
    url="https://shop.example/1",
    width=300,
    height=200,
    thumbnail_url="https://shop.example/1/300",
    thumbnail2x_url="https://shop.example/1/600",
)
FORM = NewForm(form_id="F1", fields=[FormField(type="name", label=EVIL, required=True)])


def answers(cast: Cast) -> NewFilledForm:
    return msgspec.convert(cast.filled_form(EVIL), NewFilledForm)


@pytest.fixture
def site(cast: Cast) -> Cast:
    """The cast's organization is the one of the site."""
    Organization.objects.exclude(pk=cast.organization.pk).delete()
    return cast


@pytest.fixture
def vera(site: Cast, client: Client) -> Customer:
    page = client.get(WIDGET).content.decode()
    found = re.search('data-me="([^"]+)"', page)
    assert found
    return Customer.objects.get(pk=found[1])


@pytest.fixture
def chat(site: Cast, vera: Customer) -> Chat:
    chat = site.chat(vera)
    chats.join(chat.pk, site.ann)
    return chat


def widget(client: Client) -> str:
    return client.get(WIDGET).content.decode()


def console(cast: Cast, chat: Chat | None = None) -> str:
    agent = Client()
    agent.force_login(cast.ann.user)
    name = "admin:livechat_widget_chat_console"
    url = reverse(f"{name}_chat", args=[chat.pk]) if chat else reverse(name)
    return agent.get(url).content.decode()


def act(client: Client, customer: Customer, **form: Any) -> Any:
    headers = {"Authorization": f"Bearer {tokens.mint(customer)}"}
    return client.post(f"{WIDGET}postback", form, headers=headers)


@pytest.mark.parametrize("new", [CARD, PICTURE, FORM, answers])
def test_whatever_was_written_is_escaped(
    client: Client, site: Cast, chat: Chat, new: AnyNew | Callable[[Cast], AnyNew]
) -> None:
    events.send(chat.pk, site.ann, new(site) if callable(new) else new)
    for page in (widget(client), console(site, chat)):
        assert ESCAPED in page
        assert EVIL not in page
        assert "<img src=/canary" not in page


def test_pictures_are_lazy_and_have_a_text(client: Client, site: Cast, chat: Chat) -> None:
    events.send(chat.pk, site.ann, CARD)
    events.send(chat.pk, site.ann, PICTURE)
    images = re.findall(r"<img[^>]*shop\.example[^>]*>", widget(client))
    assert len(images) == 2
    for image in images:
        assert 'loading="lazy"' in image
        assert f'alt="{ESCAPED}"' in image
    assert 'srcset="https://shop.example/1/600 2x"' in images[1]


def test_a_file_that_is_no_picture_is_a_link(client: Client, site: Cast, chat: Chat) -> None:
    file = KeptFile(
        name="a.pdf", content_type="application/pdf", url="https://shop.example/1", size=2048
    )
    events.send(chat.pk, site.ann, file)
    page = widget(client)
    assert 'href="https://shop.example/1"' in page
    assert "a.pdf" in page
    assert "2.0\xa0KB" in page


def test_buttons_are_buttons_and_addresses_links(client: Client, site: Cast, chat: Chat) -> None:
    row = events.send(chat.pk, site.ann, CARD).event
    page = widget(client)
    buttons = re.findall(r"<(a|button)\b[^>]*data-lc-postback[^>]*>", page)
    assert buttons == ["button", "a", "a", "a", "button", "button"]
    assert 'href="https://shop.example/?a&amp;b"' in page
    assert 'href="tel:+49(0)30123"' in page
    assert page.count(f'data-event="{row.pk}"') == page.count(f'data-thread="{row.thread_id}"') - 1
    drawn = re.findall(r"<button[^>]*data-lc-postback[^>]*>", console(site, chat))
    assert len(drawn) == 3
    assert all("disabled" in button for button in drawn)


def test_custom_events_are_not_drawn(client: Client, site: Cast, chat: Chat) -> None:
    events.send(chat.pk, site.ann, NewCustom(content={"text": "SECRET"}))
    for page in (widget(client), console(site, chat), console(site)):
        assert "SECRET" not in page


def test_what_is_for_agents_is_on_no_page_of_a_customer(
    client: Client, site: Cast, chat: Chat
) -> None:
    before = widget(client)
    events.send(chat.pk, site.ann, NewMessage(text="SECRET", recipients="agents"))
    after = widget(client)
    assert "SECRET" in console(site, chat)
    token = r'data-token="[^"]+"|Bearer [\w.:-]+|[?&]v=\w+'
    assert re.sub(token, "", after) == re.sub(token, "", before)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (NewMessage(text="Hi there"), "Hi there"),
        (PICTURE, "File: &lt;img"),
        (FORM, "Form"),
        (CARD, "&lt;img src"),
        (
            NewRichMessage(
                template_id="sticker", elements=[Element(image=Image(url="https://a.example/"))]
            ),
            "Picture",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_the_row_says_it_in_words(site: Cast, chat: Chat, new: AnyNew, words: str) -> None:
    events.send(chat.pk, site.ann, new)
    last = re.search(r'<span class="lc-row__last"[^>]*>(.*?)</span>', console(site), re.S)
    assert last
    assert last[1].startswith(words)


def test_the_row_says_that_a_form_was_filled_in(site: Cast, chat: Chat) -> None:
    test_the_row_says_it_in_words(site, chat, answers(site), "Filled form")


@pytest.mark.parametrize(
    "new",
    [
        NewSystemMessage(text="Ordered", system_message_type="shop.ordered"),
        NewCustom(content={"order": 1}),
        NewMessage(text="Look at this", recipients="agents"),
    ],
    ids=lambda new: type(new).__name__,
)
def test_what_nobody_said_waits_for_no_answer(
    site: Cast, vera: Customer, chat: Chat, new: AnyNew
) -> None:
    said = re.compile(r'data-said="[^"]*"|data-last-at="[^"]*"|class="lc-row__last"[^<]*')
    before = said.findall(console(site))
    assert len(before) == 3
    events.send(chat.pk, site.ann, new)
    assert said.findall(console(site)) == before
    if new.recipients == "all":
        events.send(chat.pk, vera, new)
    assert said.findall(console(site)) == before


def test_a_press_is_kept_and_answers_where_the_button_does(
    client: Client, site: Cast, vera: Customer, chat: Chat
) -> None:
    row = events.send(chat.pk, site.ann, CARD).event
    form = {"thread_id": row.thread_id, "event_id": row.pk, "toggled": "1", "custom_id": "c1"}
    for _ in range(2):  # a retry is harmless
        assert act(client, vera, postback_id=EVIL, **form).status_code == 204
    answer = Event.objects.filter(chat=chat, author=vera.author_id, type="message").last()
    answers = Event.objects.filter(chat=chat, content__text="I take it")
    assert answers.get() == answer
    assert answers.get().content["postback"] == {
        "id": EVIL,
        "thread_id": row.thread_id,
        "event_id": str(row.pk),
        "type": "message",
        "value": "I take it",
    }
    assert act(client, vera, postback_id="plain", **form).status_code == 204
    page = widget(client)
    assert page.count('aria-pressed="true"') == 2
    form["toggled"] = "0"
    assert act(client, vera, postback_id="plain", **form).status_code == 204
    assert widget(client).count('aria-pressed="true"') == 1
    assert answers.count() == 1


def test_a_press_needs_a_chat_a_button_and_an_active_thread(
    client: Client, site: Cast, vera: Customer, chat: Chat
) -> None:
    row = events.send(chat.pk, site.ann, CARD).event
    form = {"thread_id": row.thread_id, "event_id": row.pk, "toggled": "1", "custom_id": "c1"}
    assert act(client, site.customer(), postback_id="plain", **form).status_code == 404
    assert act(client, vera, postback_id="absent", **form).status_code == 404
    assert (
        act(client, vera, postback_id="plain", **{**form, "event_id": uuid.uuid4()}).status_code
        == 404
    )
    assert act(client, vera, **form).status_code == 400
    chats.deactivate(chat.pk, site.ann)
    assert act(client, vera, postback_id="plain", **form).json()["error"]["type"] == "chat_inactive"
    assert 'aria-pressed="true"' not in widget(client)
    assert not Event.objects.filter(chat=chat, content__text="I take it").exists()


def test_an_edited_event_is_drawn_as_it_is_now(client: Client, site: Cast, chat: Chat) -> None:
    row = site.reply(chat, "Good day")
    edits.edit(chat.pk, row.thread_id, str(row.pk), site.ann, NewMessage(text="Good evening"))
    for page in (widget(client), console(site, chat), console(site)):
        assert "Good evening" in page
        assert "Good day" not in page
