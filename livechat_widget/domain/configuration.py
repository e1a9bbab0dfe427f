"""How the chat of a group is set up, as clients that draw a widget of their own ask for it."""

import hashlib
import json
from typing import Any

from ..models import Group, Organization
from .organizations import GENERAL_GROUP, list_group_properties, list_license_properties
from .phrases import list_phrases


def describe(organization: Organization, group_number: int) -> dict[str, Any]:
    """``buttons`` and ``integrations``, of which there are none yet, and ``properties``."""
    properties = {
        "group": list_group_properties(organization, group_number),
        "license": list_license_properties(organization),
    }
    return {"buttons": [], "integrations": {}, "properties": properties}


def describe_now(
    organization: Organization, group_number: int | None, language: str
) -> dict[str, Any]:
    """How things stand, and the versions under which the rest may be kept.

    ``online_group_ids`` is left out when nobody is there.
    """
    numbers = Group.objects.filter(organization=organization).values_list("number", flat=True)
    group = group_number if group_number in set(numbers) else GENERAL_GROUP
    online = sorted(numbers.online())  # type: ignore[attr-defined]  # of our own manager
    return {
        "organization_id": str(organization.organization_id),
        "group_id": group,
        "client_limit_exceeded": False,  # there is no limit to the customers who are online
        **({"online_group_ids": online} if online else {}),
        "config_version": version_of(describe(organization, group)),
        "localization_version": version_of(list_phrases(language)),
        "language": language,
    }


def version_of(answer: dict[str, Any]) -> str:
    """Another one as soon as the answer is another."""
    return hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()[:16]
