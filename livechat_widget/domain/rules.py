"""Which group a chat goes to that asked for none."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.utils.module_loading import import_string

from ..conf import settings
from ..models import Customer, Group, RoutingRule
from .conditions import Situation, all_hold, fields_of
from .organizations import GENERAL_GROUP


def choose(customer: Customer) -> int:
    """The number of the group that the site's function names, else of the first rule that fits,
    else that of the general group."""
    if settings.CHOOSE_GROUP:
        number = _function(settings.CHOOSE_GROUP)(customer)
        own = Group.objects.filter(organization=customer.organization_id, number=number)
        if number is not None and own.exists():
            return int(number)
    rules = RoutingRule.objects.filter(group__organization=customer.organization_id)
    found = list(rules.select_related("group"))
    if not found:
        return GENERAL_GROUP
    customer.refresh_from_db()
    situation = Situation(
        url=customer.page.get("url", ""),
        title=customer.page.get("title", ""),
        visits=customer.visits_count,
        language=customer.language,
        fields=fields_of(customer),
    )
    fitting = (one.group.number for one in found if all_hold(one.conditions, situation))
    return next(fitting, GENERAL_GROUP)


@cache
def _function(path: str) -> Callable[[Customer], Any]:
    found: Callable[[Customer], Any] = import_string(path)
    return found
