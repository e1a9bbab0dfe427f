"""Properties of the license and of groups, for everybody by GET."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.cast import Cast

KEPT = {"test": {"int_property": 1, "bool_property": True}, "smart_actions": {}}
# What no customer may read, and what nobody registered.
SECRET = {"routing": {"pinned": True}, "nobody": {"is_staff": True}}
READABLE = {"test": {"int_property": 1, "bool_property": True}}


def get(client: Client, cast: Cast, action: str, **terms: Any) -> HttpResponse:
    query = {"organization_id": cast.organization.organization_id, **terms}
    return client.get(f"/livechat/v3.5/customer/action/{action}", query)


@pytest.fixture(autouse=True)
def kept(cast: Cast) -> None:
    for one in (cast.organization, cast.general):
        one.properties = KEPT | SECRET
        one.save()


@pytest.mark.parametrize(
    ("action", "terms"), [("list_license_properties", {}), ("list_group_properties", {"id": 0})]
)
def test_it_works(client: Client, cast: Cast, action: str, terms: dict[str, int]) -> None:
    assert get(client, cast, action, **terms).json() == READABLE
    one = {"test": {"int_property": 1}}
    assert get(client, cast, action, **terms, name="int_property").json() == one
    assert get(client, cast, action, **terms, namespace="test").json() == READABLE
    assert get(client, cast, action, **terms, namespace="routing").json() == {}
    assert get(client, cast, action, **terms, namespace="__proto__").json() == {}


def test_another_organization_has_its_own(client: Client, cast: Cast) -> None:
    assert get(client, Cast(), "list_license_properties").json() == {}
    assert get(client, Cast(), "list_group_properties", id=0).json() == {}


def test_it_refuses_a_group_that_is_not_there(client: Client, cast: Cast) -> None:
    response = get(client, cast, "list_group_properties", id=7)
    assert (response.status_code, response.json()["error"]["type"]) == (404, "group_not_found")
    assert get(client, cast, "list_group_properties").json()["error"]["type"] == "validation"


def test_they_are_in_the_configuration(client: Client, cast: Cast) -> None:
    configuration = get(client, cast, "get_configuration", group_id=0, version="old").json()
    assert configuration["properties"] == {"group": READABLE, "license": READABLE}
