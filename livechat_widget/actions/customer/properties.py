"""Writing, deleting and listing properties (Customer Chat API: properties).

No push of these carries a request id: clients settle them by their response.
"""

from msgspec import UNSET, Struct, UnsetType

from ...domain import organizations, properties
from ...domain.properties import Place
from ...protocol.fields import Id, Name, NewProperties, Properties, PropertyNames
from ..registry import Answer, Caller, Nothing, Onlooker
from .registry import ACTIONS, READS


class UpdateChatProperties(Struct):
    """Write properties of a chat; the others stay as they are."""

    id: Id
    properties: NewProperties


@ACTIONS.action
def update_chat_properties(caller: Caller, request: UpdateChatProperties) -> Answer[Nothing]:
    properties.update(Place(request.id), caller.customer, request.properties)
    return Answer()


class DeleteChatProperties(Struct):
    """Delete properties of a chat, by their names."""

    id: Id
    properties: PropertyNames


@ACTIONS.action
def delete_chat_properties(caller: Caller, request: DeleteChatProperties) -> Answer[Nothing]:
    properties.delete(Place(request.id), caller.customer, request.properties)
    return Answer()


class UpdateThreadProperties(Struct):
    """Write properties of a thread; the others stay as they are."""

    chat_id: Id
    thread_id: Id
    properties: NewProperties


@ACTIONS.action
def update_thread_properties(caller: Caller, request: UpdateThreadProperties) -> Answer[Nothing]:
    place = Place(request.chat_id, request.thread_id)
    properties.update(place, caller.customer, request.properties)
    return Answer()


class DeleteThreadProperties(Struct):
    """Delete properties of a thread, by their names."""

    chat_id: Id
    thread_id: Id
    properties: PropertyNames


@ACTIONS.action
def delete_thread_properties(caller: Caller, request: DeleteThreadProperties) -> Answer[Nothing]:
    place = Place(request.chat_id, request.thread_id)
    properties.delete(place, caller.customer, request.properties)
    return Answer()


class UpdateEventProperties(Struct):
    """Write properties of an event; the others stay as they are."""

    chat_id: Id
    thread_id: Id
    event_id: Id
    properties: NewProperties


@ACTIONS.action
def update_event_properties(caller: Caller, request: UpdateEventProperties) -> Answer[Nothing]:
    place = Place(request.chat_id, request.thread_id, request.event_id)
    properties.update(place, caller.customer, request.properties)
    return Answer()


class DeleteEventProperties(Struct):
    """Delete properties of an event, by their names."""

    chat_id: Id
    thread_id: Id
    event_id: Id
    properties: PropertyNames


@ACTIONS.action
def delete_event_properties(caller: Caller, request: DeleteEventProperties) -> Answer[Nothing]:
    place = Place(request.chat_id, request.thread_id, request.event_id)
    properties.delete(place, caller.customer, request.properties)
    return Answer()


class ListLicenseProperties(Struct):
    """What customers may read of the organization's."""

    namespace: Name | UnsetType = UNSET
    name: Name | UnsetType = UNSET


@READS.action
def list_license_properties(
    onlooker: Onlooker, request: ListLicenseProperties
) -> Answer[Properties]:
    terms = (request.namespace or None, request.name or None)
    return Answer(organizations.list_license_properties(onlooker.organization, *terms))


class ListGroupProperties(Struct):
    """What customers may read of the group's; ``id`` is that of the group."""

    id: int
    namespace: Name | UnsetType = UNSET
    name: Name | UnsetType = UNSET


@READS.action
def list_group_properties(onlooker: Onlooker, request: ListGroupProperties) -> Answer[Properties]:
    terms = (request.namespace or None, request.name or None)
    organization = onlooker.organization
    return Answer(organizations.list_group_properties(organization, request.id, *terms))
