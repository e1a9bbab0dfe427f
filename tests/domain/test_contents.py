"""What an event may hold, by its type."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, structs

from livechat_widget.domain import contents
from livechat_widget.errors import ValidationFailed
from livechat_widget.models import Agent
from livechat_widget.protocol.events import KeptFile, NewCustom, NewRichMessage, RichMessage
from livechat_widget.protocol.rich import Button, Element, Image

ANN = Agent(name="Ann")

letters = st.characters(exclude_characters="\x00", exclude_categories=["Cs"])
texts = st.text(letters, max_size=20)
words = st.text(letters, min_size=1, max_size=20)
addresses = st.from_regex(r"https?://[a-z]{1,9}\.example/[a-z?=&]{0,9}", fullmatch=True)
shared = {
    "text": words,
    "postback_id": words,
    "role": st.sampled_from([UNSET, "default", "primary", "danger"]),
}
buttons = st.one_of(
    st.builds(Button, type=st.sampled_from([UNSET, "cancel"]), **shared),
    st.builds(Button, type=st.just("message"), value=words, **shared),
    st.builds(Button, type=st.just("phone"), value=st.just("+49 (0)30 123-4567"), **shared),
    st.builds(
        Button,
        type=st.just("url"),
        value=addresses,
        target=st.sampled_from([UNSET, "new", "current"]),
        **shared,
    ),
    st.builds(
        Button,
        type=st.just("webview"),
        value=addresses,
        webview_height=st.sampled_from([UNSET, "compact", "tall", "full"]),
        **shared,
    ),
)
images = st.builds(Image, url=addresses, alternative_text=st.one_of(st.just(UNSET), texts))
elements = st.builds(
    Element,
    title=words,
    subtitle=st.one_of(st.just(UNSET), texts),
    image=st.one_of(st.just(UNSET), images),
    buttons=st.one_of(st.just(UNSET), st.lists(buttons, max_size=6)),
)
rich_messages = st.builds(
    NewRichMessage,
    template_id=st.sampled_from(["cards", "quick_replies", "sticker"]),
    elements=st.lists(elements, min_size=1, max_size=10),
)


@given(rich_messages)
def test_a_rich_message_is_kept_and_shown_as_it_was_sent(new: NewRichMessage) -> None:
    kept = contents.read(new, ANN)
    common = {"id": "1", "created_at": "now", "author_id": "ann"}
    shown = msgspec.json.encode(RichMessage(**common, **kept))
    seen = msgspec.json.decode(shown, type=RichMessage)
    assert (seen.template_id, seen.elements) == (new.template_id, new.elements)
    assert contents.is_same(kept, contents.read(new, ANN))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(-(2.0**53), 2.0**53, allow_nan=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_custom_content_is_kept_as_it_is(content: Any) -> None:
    assert contents.read(NewCustom(content=content), ANN) == {"content": content}


def with_button(**changed: Any) -> NewRichMessage:
    button = structs.replace(Button(text="Go", postback_id="go"), **changed)
    return NewRichMessage(
        template_id="cards", elements=[Element(title="A"), Element(buttons=[button])]
    )


def with_elements(*found: Element) -> NewRichMessage:
    return NewRichMessage(template_id="cards", elements=list(found))


PRESS = Button(text="Go", postback_id="go")


@pytest.mark.parametrize(
    ("new", "path"),
    [
        (with_elements(), "elements"),
        (with_elements(*[Element(title="A")] * 11), "elements"),
        (with_elements(Element(buttons=[PRESS] * 14)), "elements[0].buttons"),
        (with_elements(Element()), "event.elements[0]"),
        (with_elements(Element(title="x" * 1001)), "title"),
        (with_button(text=""), "text"),
        (with_button(postback_id=""), "postback_id"),
        (with_button(type="postback"), "type"),
        (with_button(role="evil"), "role"),
        (with_button(value="a"), "event.elements[1].buttons[0].value"),
        (with_button(type="cancel", value="a"), "event.elements[1].buttons[0].value"),
        (with_button(type="message"), "event.elements[1].buttons[0].value"),
        (with_button(type="message", value="a", target="new"), "buttons[0].target"),
        (with_button(webview_height="tall"), "buttons[0].webview_height"),
        (with_button(type="phone", value="javascript:x"), "buttons[0].value"),
        (with_button(type="phone", value="1"), "buttons[0].value"),
        *[
            (with_button(type=kind, value=address), "buttons[0].value")
            for kind in ("url", "webview")
            for address in (
                "javascript:alert(1)",
                "JaVaScRiPt:alert(1)",
                "data:text/html,x",
                "//evil.example",
                "/path",
                "https://",
                "https://good.example@evil.example/",
                "https://evil.example\\@good.example/",
                "https://evil.example/ x",
                "https://[::1",
                "\thttps://evil.example/",
                "mailto:a@b.example",
            )
        ],
        (
            with_elements(Element(title="A", image=Image(url="data:image/png;base64,AA"))),
            "event.elements[0].image.url",
        ),
        (KeptFile(name="a", content_type="image/png", url="javascript:x"), "event.url"),
        (
            KeptFile(name="a", content_type="b", url="https://a.example", thumbnail_url="x:"),
            "event.thumbnail_url",
        ),
        (KeptFile(name="", content_type="a", url="https://a.example"), "name"),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_it_refuses_with_the_path(new: Any, path: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        contents.read(new, ANN)
    assert path in refusal.value.message


def test_nobody_has_pressed_the_buttons_of_a_new_event() -> None:
    kept = contents.read(with_button(user_ids=["somebody"]), ANN)
    assert [button["user_ids"] for button in contents.buttons(kept)] == [[]]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"content": 1}, {"content": 1.0}, True),
        ({"content": 1}, {"content": True}, False),
        ({"content": {"a": 1, "b": 2}}, {"content": {"b": 2, "a": 1}}, True),
        ({"content": [1, 2]}, {"content": [2, 1]}, False),
        ({}, {"content": None}, False),
    ],
)
def test_it_knows_what_is_sent_again(one: Any, other: Any, same: bool) -> None:
    assert contents.is_same(one, other) is same
