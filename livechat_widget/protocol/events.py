"""Events as clients see them, and as they send them."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from .fields import NewProperties, Properties, Text

# In Python "$" is also before a last line feed, which is none of the characters allowed.
_NO_CONTROLS = r"^[^\x00-\x1f\x7f]+$(?!\n)"
CustomId = Annotated[str, Meta(min_length=1, max_length=255, pattern=_NO_CONTROLS)]


class Message(Struct, tag="message", kw_only=True):
    """Text that somebody wrote. ``author_id`` is that of the view: see design of agent ids."""

    id: str
    custom_id: str | UnsetType = UNSET
    author_id: str
    created_at: str
    text: str
    properties: Properties | UnsetType = UNSET


class SystemMessage(Struct, tag="system_message", kw_only=True):
    """What the system noted; it has no author."""

    id: str
    custom_id: str | UnsetType = UNSET
    created_at: str
    text: str
    system_message_type: str
    text_vars: dict[str, str] | UnsetType = UNSET
    properties: Properties | UnsetType = UNSET


Event = Message | SystemMessage


class NewMessage(Struct, tag="message", kw_only=True):
    """A message to be sent; with ``custom_id`` it may be sent again without harm."""

    text: Text
    custom_id: CustomId | UnsetType = UNSET
    properties: NewProperties = {}


NewEvent = NewMessage
