"""How the chat of a group is set up, as clients that draw a widget of their own ask for it."""

import hashlib
import json
from typing import Any

import msgspec

from ..models import Group, Organization
from ..protocol.forms import FormType
from . import forms, groups
from .organizations import GENERAL_GROUP, list_group_properties, list_license_properties
from .phrases import list_phrases

_SHOWN_FORMS: tuple[FormType, ...] = ("prechat", "ticket")


def describe(organization: Organization, group_number: int) -> dict[str, Any]:
    """``properties`` and the forms before a chat starts; no ``buttons`` or ``integrations`` yet."""
    properties = {
        "group": list_group_properties(organization, group_number),
        "license": list_license_properties(organization),
    }
    found = {f"{one}_form": forms.find(organization, group_number, one) for one in _SHOWN_FORMS}
    enabled = {name: msgspec.to_builtins(form) for name, form in found.items() if form}
    return {"buttons": [], "integrations": {}, "properties": properties, **enabled}


def describe_now(
    organization: Organization, group_number: int | None, language: str
) -> dict[str, Any]:
    """How things stand, and the versions under which the rest may be kept.

    ``online_group_ids`` is left out when nobody is there.
    """
    statuses = groups.list_statuses(organization.pk)
    group = group_number if group_number in statuses else GENERAL_GROUP
    online = [number for number, status in statuses.items() if status != "offline"]
    return {
        "group_id": group,
        "client_limit_exceeded": False,  # there is no limit to the customers who are online
        **({"online_group_ids": online} if online else {}),
        "when_offline": _when_offline(organization, group),
        "config_version": version_of(describe(organization, group)),
        "localization_version": version_of(list_phrases(language)),
        "language": language,
    }


def _when_offline(organization: Organization, number: int) -> str:
    return Group.objects.values_list("offline", flat=True).get(
        organization=organization, number=number
    )


def version_of(answer: dict[str, Any]) -> str:
    """Another one as soon as the answer is another."""
    return hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()[:16]
