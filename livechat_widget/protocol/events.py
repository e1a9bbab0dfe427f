"""Events as clients see them, and as they send them."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from .answers import Answers, FilledField
from .fields import Id, Name, NewProperties, Properties, Text, Title, Url, Value
from .forms import FormType
from .rich import Element, Elements, Template

# In Python "$" is also before a last line feed, which is none of the characters allowed.
_NO_CONTROLS = r"^[^\x00-\x1f\x7f]+$(?!\n)"
CustomId = Annotated[str, Meta(min_length=1, max_length=255, pattern=_NO_CONTROLS)]
NoteType = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.:-]{1,100}$(?!\n)")]


class Ecommerce(Struct, kw_only=True):
    """What of a shop a button stands for."""

    product_id: Id
    option_id: Id | UnsetType = UNSET
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)] | UnsetType = UNSET


class Postback(Struct, kw_only=True):
    """The button that a message answers; ``type`` and ``value`` of it go together."""

    id: Id
    thread_id: Id
    event_id: Id
    type: Name | UnsetType = UNSET
    value: Value | UnsetType = UNSET
    ecommerce: Ecommerce | UnsetType = UNSET


class FormField(Struct, kw_only=True):
    """A question of a form, as far as a reader of the chat is concerned."""

    type: Name
    label: Title
    id: Id | UnsetType = UNSET
    required: bool | UnsetType = UNSET
    options: list[dict[Name, bool | int | Text]] | UnsetType = UNSET


# -- as they are seen --------------------------------------------------------------------


class Shown(Struct, kw_only=True):
    """What all have. ``visibility`` is told to agents, of what no customer gets."""

    id: str
    custom_id: str | UnsetType = UNSET
    created_at: str
    properties: Properties | UnsetType = UNSET
    visibility: Literal["agents"] | UnsetType = UNSET


class Message(Shown, tag="message", kw_only=True):
    """Text that somebody wrote. ``author_id`` is that of the view: see design of agent ids."""

    author_id: str
    text: str
    postback: Postback | UnsetType = UNSET


class File(Shown, tag="file", kw_only=True):
    """An image has ``width`` and ``height``, in pixels; ``size`` in bytes."""

    author_id: str
    name: str
    content_type: str
    url: str
    size: int | UnsetType = UNSET
    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET
    thumbnail_url: str | UnsetType = UNSET
    thumbnail2x_url: str | UnsetType = UNSET
    alternative_text: str | UnsetType = UNSET


class FilledForm(Shown, tag="filled_form", kw_only=True):
    author_id: str
    form_id: str
    form_type: FormType | UnsetType = UNSET
    fields: list[FilledField]


class Form(Shown, tag="form", kw_only=True):
    """A form to be filled in; without an author where the system asks."""

    author_id: str | UnsetType = UNSET
    form_id: str
    form_type: FormType | UnsetType = UNSET
    fields: list[FormField]


class SystemMessage(Shown, tag="system_message", kw_only=True):
    """What the system, or a program of the customer's, noted; it has no author."""

    text: str
    system_message_type: str
    text_vars: dict[str, str] | UnsetType = UNSET


class Custom(Shown, tag="custom", kw_only=True):
    """Something that programs tell each other."""

    author_id: str
    content: Any = UNSET


class UnsentMessage(Struct, tag="message", kw_only=True):
    """What nobody has sent, and so has no ``id``: a preview, or a welcome."""

    author_id: str
    created_at: str
    text: str
    properties: Properties | UnsetType = UNSET


class RichMessage(Shown, tag="rich_message", kw_only=True):
    author_id: str
    template_id: Template
    elements: list[Element]


Event = Message | File | FilledForm | Form | SystemMessage | Custom | RichMessage
KINDS: dict[str, type[Event]] = {str(kind.__struct_config__.tag): kind for kind in Event.__args__}


# -- as they are sent --------------------------------------------------------------------


class New(Struct, kw_only=True):
    """What all have. With ``custom_id`` an event may be sent again without harm; what is for
    ``agents`` reaches no customer."""

    custom_id: CustomId | UnsetType = UNSET
    properties: NewProperties = {}
    recipients: Literal["all", "agents"] = "all"


class NewMessage(New, tag="message", kw_only=True):
    text: Text
    postback: Postback | UnsetType = UNSET


class NewFile(New, tag="file", kw_only=True):
    """A file that was uploaded here before."""

    url: Url
    alternative_text: Title | UnsetType = UNSET


class NewFilledForm(New, tag="filled_form", kw_only=True):
    form_id: Id
    fields: Answers


class NewSystemMessage(New, tag="system_message", kw_only=True):
    text: Text
    system_message_type: NoteType


class NewCustom(New, tag="custom", kw_only=True):
    content: Any = UNSET


class KeptFile(New, tag="file", kw_only=True):
    """A file with all that is known of it."""

    name: Annotated[Name, Meta(min_length=1)]
    content_type: Name
    url: Url
    size: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    width: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    height: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    thumbnail_url: Url | UnsetType = UNSET
    thumbnail2x_url: Url | UnsetType = UNSET
    alternative_text: Title | UnsetType = UNSET


class NewForm(New, tag="form", kw_only=True):
    form_id: Id
    form_type: FormType | UnsetType = UNSET
    fields: Annotated[list[FormField], Meta(min_length=1, max_length=100)]


class NewRichMessage(New, tag="rich_message", kw_only=True):
    template_id: Template
    elements: Elements


# What customers may send, and what agents and the site's own code may send besides.
NewEvent = NewMessage | NewFile | NewFilledForm | NewSystemMessage | NewCustom
OwnEvent = KeptFile | NewForm | NewRichMessage
AnyNew = NewEvent | OwnEvent
TAGS: dict[type[AnyNew], str] = {
    kind: str(kind.__struct_config__.tag) for kind in (*NewEvent.__args__, *OwnEvent.__args__)
}
