"""Whether somebody is there, and who (Customer Chat API: groups and agents)."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from ...delivery.greetings import describe_host
from ...domain import groups
from ...errors import ValidationFailed
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
