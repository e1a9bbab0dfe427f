"""Whether somebody is there, and who (Customer Chat API: groups and agents)."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from ...delivery.greetings import describe_host
from ...domain import groups, welcome
from ...errors import ValidationFailed
from ...models.ids import draw_id
from ...protocol.fields import Id
from ...protocol.objects import GroupStatus, Host
from ..registry import Answer, Caller
from .registry import ACTIONS


class ListGroupStatuses(Struct):
    """Whether somebody is there, in these groups or in ``all``; what is not there is left out."""

    all: bool = False
    group_ids: Annotated[list[int], Meta(max_length=1000)] | UnsetType = UNSET


class GroupStatuses(Struct):
    """By the group's number."""

    groups_status: dict[str, GroupStatus]


@ACTIONS.action
def list_group_statuses(caller: Caller, request: ListGroupStatuses) -> Answer[GroupStatuses]:
    if request.all == (request.group_ids is not UNSET):
        raise ValidationFailed("payload: give either group_ids or all: true.")
    numbers = None if request.group_ids is UNSET else request.group_ids
    found = groups.list_statuses(caller.customer.organization_id, numbers)
    return Answer(GroupStatuses({str(number): status for number, status in found.items()}))


class GetPredictedAgent(Struct):
    """Who would answer a chat in this group, or in the customer's own."""

    group_id: int | UnsetType = UNSET


class PredictedAgent(Struct):
    """``queue``: whether a chat would have to wait until an agent gets free."""

    agent: Host
    queue: bool


@ACTIONS.action
def get_predicted_agent(caller: Caller, request: GetPredictedAgent) -> Answer[PredictedAgent]:
    number = caller.group if request.group_id is UNSET else request.group_id
    found = groups.predict(caller.customer.organization_id, number)
    return Answer(PredictedAgent(describe_host(found.agent), found.queue))


class RequestWelcomeMessage(Struct):
    """What the group, or the customer's own, says first: it comes as ``incoming_welcome_message``.

    ``id``: under which name; one is drawn where it is missing.
    """

    id: Id | UnsetType = UNSET
    group_id: int | UnsetType = UNSET


class WelcomeMessageRequested(Struct):
    """``predicted_agent`` is who says it, and would answer."""

    id: str
    predicted_agent: Host
    queue: bool


@ACTIONS.action
def request_welcome_message(
    caller: Caller, request: RequestWelcomeMessage
) -> Answer[WelcomeMessageRequested]:
    number = caller.group if request.group_id is UNSET else request.group_id
    name = request.id or draw_id()
    found = welcome.welcome(caller.customer, number, name)
    return Answer(WelcomeMessageRequested(name, describe_host(found.agent), found.queue))
