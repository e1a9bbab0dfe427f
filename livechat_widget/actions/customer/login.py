"""What a connection answers itself (Customer Chat API: login, ping); see sockets/customer.py."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from ...protocol.fields import Email, Name, SessionFields, SideStorage, Text, Title, Url
from ...protocol.objects import Address, Customer, Greeting


class LoginCustomer(Struct):
    name: Name | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    avatar: Url | UnsetType = UNSET
    address: Address | UnsetType = UNSET
    session_fields: SessionFields | UnsetType = UNSET


class LoginPage(Struct):
    url: Url
    title: Title | UnsetType = UNSET


class Cursor(Struct):
    """Ours: what the client holds already."""

    epoch: Text
    seq: Annotated[int, Meta(ge=0)]


class Login(Struct, kw_only=True):
    """Who asks, by a token (``Bearer …``).

    ``referrer``: where the page was come from. ``pushes``: which ones are wanted, by version; all
    where it is missing. ``fragments`` (a language) and ``cursor`` are ours; other clients leave
    them out.
    """

    token: Text
    customer: LoginCustomer | None = None
    customer_page: LoginPage | None = None
    customer_side_storage: SideStorage | None = None
    group_id: int | None = None
    referrer: Url = ""
    pushes: dict[str, list[str]] | None = None
    fragments: Annotated[str, Meta(max_length=20)] = ""
    cursor: Cursor | None = None


class ChatState(Struct):
    chat_id: str
    has_unread_events: bool
    has_active_thread: bool


class OneGroup(Struct):
    id: int


class CustomerGroups(Struct):
    """``monitoring``: the group that the customer is in."""

    monitoring: OneGroup


class DynamicConfig(Struct):
    """Published clients find out from it whether somebody is there."""

    online_groups_ids: list[int]
    customer_groups: CustomerGroups


class Sync(Struct):
    """Ours: where the stream is; what a ``Cursor`` starts from."""

    epoch: str
    seq: int


class LoggedIn(Struct, kw_only=True):
    """``greeting``: the one that is on the screen. ``sync`` is ours."""

    customer_id: str
    customer: Customer
    has_active_thread: bool
    chats: list[ChatState]
    greeting: Greeting | UnsetType = UNSET
    dynamic_config: DynamicConfig = field(name="__priv_dynamic_config")
    sync: Sync


class Ping(Struct):
    """Is anybody there? Taken before the login as well."""


class Pong(Struct):
    """Ours: the last number of the customer's log, once logged in."""

    seq: int | UnsetType = UNSET


CONNECTION: dict[str, tuple[type[Struct], type[Struct]]] = {
    "login": (Login, LoggedIn),
    "ping": (Ping, Pong),
}
