"""Rich messages: cards, quick replies and stickers, and the buttons on them."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from .fields import Id, Name, Title, Url, Value

Template = Literal["cards", "quick_replies", "sticker"]
ButtonType = Literal["message", "phone", "url", "webview", "cancel"]
# Those that carry a value.
VALUED = frozenset({"message", "phone", "url", "webview"})


class Image(Struct, kw_only=True):
    """``size`` in bytes, ``width`` and ``height`` in pixels."""

    url: Url
    name: Name | UnsetType = UNSET
    alternative_text: Title | UnsetType = UNSET
    content_type: Name | UnsetType = UNSET
    size: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    width: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    height: Annotated[int, Meta(ge=0)] | UnsetType = UNSET


class Button(Struct, kw_only=True):
    """Without a type it is a plain one, which is only pressed and released.

    ``user_ids`` are those who pressed it: kept by the server, whatever a sender puts there.
    """

    text: Annotated[Title, Meta(min_length=1)]
    postback_id: Id
    type: ButtonType | UnsetType = UNSET
    value: Value | UnsetType = UNSET
    role: Literal["default", "primary", "danger"] | UnsetType = UNSET
    target: Literal["new", "current"] | UnsetType = UNSET
    webview_height: Literal["compact", "tall", "full"] | UnsetType = UNSET
    user_ids: list[str] = []


class Element(Struct, kw_only=True):
    title: Title | UnsetType = UNSET
    subtitle: Title | UnsetType = UNSET
    image: Image | UnsetType = UNSET
    buttons: Annotated[list[Button], Meta(max_length=13)] | UnsetType = UNSET


Elements = Annotated[list[Element], Meta(min_length=1, max_length=10)]


class RichContent(Struct, kw_only=True):
    """What is shown; the rest of an event says when and by whom."""

    template_id: Template
    elements: Elements
