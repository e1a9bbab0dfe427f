"""Welcome messages: what a group says to a customer who has not written yet. None is kept."""

from django.utils.timezone import now

from ..delivery import present, publish
from ..models import Customer, Group
from ..protocol.times import format_time
from ..protocol.views import View
from . import groups
from .groups import Predicted
from .organizations import GENERAL_GROUP


def welcome(customer: Customer, group_number: int, name: str) -> Predicted:
    """Push the welcome message of the group, or of the general one, under this name, if there is
    one. Gives in whose name it is: who would answer.

    Raises ``GroupNotFound``, ``GroupOffline`` and ``GroupUnavailable``.
    """
    found = groups.predict(customer.organization_id, group_number)
    if text := _find_text(customer, group_number):
        event = {
            "type": "message",
            "author_id": present.agent_id(found.agent, View.CUSTOMER),
            "created_at": format_time(now()),
            "text": text,
            "properties": {"lc2": {"welcome_message": True}},
        }
        payload = {"id": name, "event": event}
        publish.without_saving(
            customer.stream.pk, View.CUSTOMER, "incoming_welcome_message", payload
        )
    return found


def _find_text(customer: Customer, group_number: int) -> str:
    with_text = Group.objects.filter(
        organization=customer.organization_id, number__in={group_number, GENERAL_GROUP}
    ).exclude(welcome_message="")
    found = with_text.order_by("-number").values_list("welcome_message", flat=True).first()
    return found or ""
