"""Tenants: which one a request is about, and what a new database needs."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest

from ..conf import settings
from ..errors import (
    GroupNotFound,
    MisdirectedRequest,
    OrganizationNotFound,
    ValidationFailed,
)
from ..models import Deployment, Group, Organization
from ..origins import site_at
from ..protocol.fields import NewProperties, Properties
from ..protocol.properties import check_amount, check_values, readable
from ..protocol.views import View

GENERAL_GROUP = 0
_REGION_IN_HOST = re.compile(r"api-([a-z0-9]+)\.")


def find(public_id: str) -> Organization:
    """By ``license_id`` or ``organization_id``, whichever the text looks like."""
    try:
        if public_id.isdecimal() and len(public_id) < 10:
            return Organization.objects.get(license_id=int(public_id))
        return Organization.objects.get(organization_id=UUID(public_id))
    except (Organization.DoesNotExist, ValueError) as error:
        raise OrganizationNotFound from error


def asked_for(query: Mapping[str, str]) -> Organization:
    """By ``organization_id`` or ``license_id`` in a query; one of them has to be there."""
    public_id = query.get("organization_id") or query.get("license_id")
    if not public_id:
        raise ValidationFailed("license_id or organization_id: one of them is needed.")
    return find(public_id)


def check_region(query: Mapping[str, str], host: str) -> None:
    """Raise ``MisdirectedRequest`` with our region in ``data`` for who looks for another one.

    Clients name a region by the query's ``region`` or, as published ones do, by the host
    ``api-<region>.…``; most name none.
    """
    found = _REGION_IN_HOST.match(host)
    named = query.get("region") or (found[1] if found else "")
    if settings.REGION and named and named != settings.REGION:
        raise MisdirectedRequest(data={"region": settings.REGION})


def of_site(request: HttpRequest) -> Organization:
    """The organization of the request's site, else the first one that is of no site."""
    organizations = Organization.objects.order_by("pk")
    site_id = site_at(request.get_host())
    own = organizations.filter(site_id=site_id).first() if site_id else None
    organization = own or organizations.filter(site_id=None).first()
    if organization is None:
        raise OrganizationNotFound
    return organization


def create(name: str, **fields: Any) -> Organization:
    """With its general group, number 0."""
    organization = Organization.objects.create(name=name, **fields)
    add_general_group(organization)
    return organization


def add_general_group(organization: Organization) -> None:
    """Every organization has one: it is where a chat goes that asked for no group."""
    Group.objects.create(organization=organization, number=GENERAL_GROUP, name="General")


def begin_epoch(epoch: UUID) -> UUID:
    """From now on cursors from before are refused and clients read afresh."""
    Deployment.objects.update(epoch=epoch)
    return epoch


def prepare_database(**_: Any) -> None:
    """After migrations: the deployment's epoch and a first organization."""
    if not Deployment.objects.exists():
        Deployment.objects.create()
    if not Organization.objects.exists():
        create(settings.ORGANIZATION_NAME)


def check_properties(given: Any) -> Properties:
    """Properties that an administrator wrote; raises ``ValidationFailed``."""
    try:
        written = msgspec.convert(given, NewProperties)
    except msgspec.ValidationError as error:
        raise ValidationFailed(f"properties: {error}.") from error
    check_values(written)
    check_amount(written)
    return written


def list_license_properties(
    organization: Organization, namespace: str | None = None, name: str | None = None
) -> Properties:
    """What customers may read of the organization's properties, of one namespace or name."""
    return _pick(readable(organization.properties, View.CUSTOMER, "license"), namespace, name)


def list_group_properties(
    organization: Organization, number: int, namespace: str | None = None, name: str | None = None
) -> Properties:
    """The same of a group; raises ``GroupNotFound``."""
    group = Group.objects.filter(organization=organization, number=number).first()
    if group is None:
        raise GroupNotFound
    return _pick(readable(group.properties, View.CUSTOMER, "group"), namespace, name)


def _pick(properties: Properties, namespace: str | None, name: str | None) -> Properties:
    picked = {
        space: {one: value for one, value in names.items() if name in (None, one)}
        for space, names in properties.items()
        if namespace in (None, space)
    }
    return {space: names for space, names in picked.items() if names}
