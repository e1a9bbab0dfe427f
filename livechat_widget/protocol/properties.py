"""The namespaced properties that there are: of which type, and who may do what with them, where.

``NAMESPACES`` is the whole list of ours. A site adds its own in the setting PROPERTY_NAMESPACES,
``{namespace: {name: definition}}`` with the members of ``Definition``. What is in neither does not
exist: it is not taken, and what is stored of it is not shown.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from ..conf import settings
from ..errors import NotAllowed, ValidationFailed
from .fields import Properties, PropertyNames
from .views import View

Location = Literal["license", "group", "chat", "thread", "event"]
Access = Literal["r", "w", "rw"]
# No name can be one that a language treats in its own way, such as ``__proto__``.
Key = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_.-]*\Z", max_length=200)]


class Definition(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A property. What is readable for customers is so for agents. Integers have 32 bits.

    ``of_others``: a customer may write it on events of others, too, since it is about them.
    """

    type: Literal["int", "bool", "string", "tokenized_string"]
    customer: dict[Location, Access] = {}
    agent: dict[Location, Access] = {}
    at_least: int = -(2**31)
    at_most: int = 2**31 - 1
    of_others: bool = False

    def is_readable(self, view: View, location: Location) -> bool:
        customers = "r" in self.customer.get(location, "")
        return customers or (view is View.AGENT and "r" in self.agent.get(location, ""))

    def is_writable(self, view: View, location: Location) -> bool:
        access = self.customer if view is View.CUSTOMER else self.agent
        return "w" in access.get(location, "")


Namespaces = dict[Key, dict[Key, Definition]]


def _at(access: Access, *locations: Location) -> dict[Location, Access]:
    return dict.fromkeys(locations, access)


def _all(names: str, definition: Definition) -> dict[str, Definition]:
    return dict.fromkeys(names.split(), definition)


_EVERYWHERE = _at("rw", "license", "group", "chat", "thread", "event")
_RATED = _at("rw", "chat", "thread", "event")
_EVENT = _at("rw", "event")

NAMESPACES: Namespaces = {
    "routing": {
        "continuous": Definition(type="bool", customer=_at("r", "chat", "thread")),
        "idle": Definition(type="bool", agent=_at("r", "thread")),
        "unreplied": Definition(type="bool", agent=_at("r", "thread")),
        "unassigned": Definition(type="bool", agent=_at("r", "chat", "thread")),
        "last_transfer_timestamp": Definition(type="int", agent=_at("r", "thread")),
        "pinned": Definition(type="bool", agent={"chat": "rw", "thread": "r"}),
        "was_pinned": Definition(type="bool", agent=_at("r", "chat")),
        "email_follow_up": Definition(type="bool", customer=_at("rw", "chat")),
        "offline_message": Definition(type="bool", customer=_at("rw", "thread")),
        "ignore_agents_routing": Definition(
            type="bool", customer=_at("rw", "chat"), agent=_at("rw", "chat")
        ),
        "ignore_bots": Definition(type="bool", customer=_at("w", "thread")),
        "start_url": Definition(type="string", customer=_at("r", "thread")),
        "referrer": Definition(type="string", agent=_at("r", "thread")),
        "transcript_email": Definition(type="string", customer=_at("rw", "thread")),
    },
    "rating": {
        "score": Definition(type="int", customer=_RATED, at_least=0, at_most=1, of_others=True),
        "comment": Definition(type="string", customer=_RATED, of_others=True),
    },
    "source": {
        "client_id": Definition(type="string", customer=_at("r", "chat", "thread", "event")),
        "customer_client_id": Definition(type="string", customer=_at("r", "chat", "thread")),
    },
    "url_details": {
        **_all(
            "title description url image_url",
            Definition(type="string", customer=_EVENT, agent=_EVENT),
        ),
        **_all("image_width image_height", Definition(type="int", customer=_EVENT, agent=_EVENT)),
    },
    "lc2": {
        "greeting_id": Definition(type="int", customer={"thread": "rw", "event": "r"}),
        "greeting_unique_id": Definition(type="string", customer={"thread": "rw", "event": "r"}),
        "form_type": Definition(type="string", customer=_EVENT),
        "welcome_message": Definition(type="bool", customer=_at("r", "event")),
        "file_safety_confirmation": Definition(type="bool", agent=_EVENT),
        **_all("queue_pos queue_waiting_time", Definition(type="int", customer=_at("r", "thread"))),
    },
    "chats": {
        "formatting": Definition(type="string", customer=_EVENT, agent=_EVENT),
        "welcome_message_source": Definition(type="string", customer=_at("r", "event")),
    },
    "status": {
        "delivered": Definition(type="bool", customer=_EVENT, agent=_EVENT, of_others=True),
    },
    "translation": _all(
        "source_lang_code target_lang_code target_message",
        Definition(type="string", customer=_at("r", "event"), agent=_EVENT),
    ),
    "smart_actions": {
        "greeting.hide_when_offline": Definition(type="bool", customer=_at("r", "group")),
    },
    "test": {
        "int_property": Definition(type="int", customer=_EVERYWHERE, agent=_EVERYWHERE),
        "bool_property": Definition(type="bool", customer=_EVERYWHERE, agent=_EVERYWHERE),
        "string_property": Definition(type="string", customer=_EVERYWHERE, agent=_EVERYWHERE),
        "tokenized_string_property": Definition(
            type="tokenized_string", customer=_EVERYWHERE, agent=_EVERYWHERE
        ),
    },
}

_registered: tuple[Any, Namespaces] = ({}, {})


def find(namespace: str, name: str) -> Definition | None:
    """The definition; the site cannot change one of ours."""
    names = NAMESPACES.get(namespace) or _of_the_site().get(namespace)
    return names.get(name) if names else None


def readable(properties: Properties, view: View, location: Location) -> Properties:
    """What of these properties the view may see; a namespace without any is left out."""
    if not properties:
        return {}
    names = readable_names(properties, view, location)
    return {space: {one: properties[space][one] for one in names[space]} for space in names}


def readable_names(
    names: PropertyNames | Properties, view: View, location: Location
) -> PropertyNames:
    """The same for names without their values."""
    seen: PropertyNames = {}
    for namespace, found in names.items():
        for name in found:
            definition = find(namespace, name)
            if definition and definition.is_readable(view, location):
                seen.setdefault(namespace, []).append(name)
    return seen


def check_new(properties: Properties, view: View, location: Location) -> None:
    """Everything that the next three refuse, for something that has no properties yet."""
    if properties:
        check_access(properties, view, location)
        check_values(properties)
        check_amount(properties)


def check_access(
    names: PropertyNames | Properties, view: View, location: Location, *, own: bool = True
) -> None:
    """Refuse what the view may not write there; not ``own``: on the event of somebody else."""
    for namespace, name, definition in _each(names):
        path = f"properties.{namespace}.{name}"
        if not definition.is_writable(view, location):
            raise NotAllowed(f"{path}: you may not write this property of a {location}.")
        if not (own or view is View.AGENT or definition.of_others):
            raise NotAllowed(f"{path}: you may write it only on your own events.")


def check_values(properties: Properties) -> None:
    """Refuse values of a wrong type, and texts that are too long."""
    for namespace, name, definition in _each(properties):
        path = f"properties.{namespace}.{name}"
        _check_value(path, definition, properties[namespace][name])


def check_amount(properties: Properties) -> None:
    """Refuse more of them, in all, than the settings allow."""
    most = settings.MAX_PROPERTY_NAMESPACES
    if len(properties) > most:
        raise ValidationFailed(f"properties: at most {most} namespaces; delete one first.")
    most = settings.MAX_PROPERTIES
    if sum(map(len, properties.values())) > most:
        raise ValidationFailed(f"properties: at most {most} of them; delete one first.")


def _of_the_site() -> Namespaces:
    """What the setting says, converted once for as long as it says it."""
    global _registered
    if _registered[0] is not settings.PROPERTY_NAMESPACES:
        given = settings.PROPERTY_NAMESPACES
        _registered = (given, msgspec.convert(given, Namespaces))
    return _registered[1]


def _each(names: PropertyNames | Properties) -> Iterable[tuple[str, str, Definition]]:
    for namespace, found in names.items():
        if not found:
            raise ValidationFailed(f"properties.{namespace}: name a property of it.")
        for name in found:
            definition = find(namespace, name)
            if definition is None:
                raise ValidationFailed(
                    f"properties.{namespace}.{name}: there is no such property here; the site"
                    " registers its own in the setting PROPERTY_NAMESPACES."
                )
            yield namespace, name, definition


def _check_value(path: str, definition: Definition, value: Any) -> None:
    if definition.type == "bool":
        if not isinstance(value, bool):
            raise ValidationFailed(f"{path}: true or false.")
    elif definition.type == "int":
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not (whole and definition.at_least <= value <= definition.at_most):
            raise ValidationFailed(
                f"{path}: a whole number from {definition.at_least} to {definition.at_most}."
            )
    elif not isinstance(value, str):
        raise ValidationFailed(f"{path}: a text.")
    elif len(value.encode()) > settings.MAX_PROPERTY_BYTES:
        raise ValidationFailed(f"{path}: at most {settings.MAX_PROPERTY_BYTES} bytes.")
