"""What everybody may know: how the chat is set up, who is there, and what the widget says."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from livechat_widget.domain import phrases
from tests.cast import Cast

FOR_A_YEAR = "public, max-age=31536000, immutable"


def get(client: Client, cast: Cast, action: str, **options: Any) -> HttpResponse:
    headers = options.pop("headers", {})
    query = {"organization_id": cast.organization.organization_id, **options}
    return client.get(f"/livechat/v3.5/customer/action/{action}", query, headers=headers)


def now(client: Client, cast: Cast, **options: Any) -> dict[str, Any]:
    return get(client, cast, "get_dynamic_configuration", **options).json()


def refusal(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["type"]


def test_it_works(client: Client, cast: Cast) -> None:
    answer = now(client, cast)
    assert answer["organization_id"] == str(cast.organization.organization_id)
    assert (answer["group_id"], answer["online_group_ids"]) == (0, [0])
    assert (answer["language"], answer["domain_allowed"]) == ("en", True)


def test_it_leaves_out_the_groups_when_nobody_is_there(client: Client, cast: Cast) -> None:
    cast.ann.accepting = False
    cast.ann.save()
    assert "online_group_ids" not in now(client, cast)


def test_an_unknown_group_stands_for_the_general_one(client: Client, cast: Cast) -> None:
    assert now(client, cast, group_id=77)["group_id"] == 0


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://testserver/cart", True),
        ("https://shop.example/cart?x=1", True),
        ("https://evil.example/shop.example", False),
        ("javascript:alert(1)", False),
        ("x", False),
    ],
)
def test_it_says_whether_a_page_may_show_the_chat(
    client: Client, cast: Cast, url: str, allowed: bool
) -> None:
    cast.organization.trusted_origins = ["https://shop.example"]
    cast.organization.save()
    assert now(client, cast, url=url)["domain_allowed"] is allowed


def test_the_configuration_is_kept_under_its_version(client: Client, cast: Cast) -> None:
    before = now(client, cast)["config_version"]
    form = cast.form("prechat", {"type": "name", "label": "Your name"})
    cast.form("ticket")  # which asks nothing yet
    version = now(client, cast)["config_version"]
    assert version != before
    kept = get(client, cast, "get_configuration", group_id=0, version=version)
    name = {"type": "name", "id": str(form.fields.get().pk), "label": "Your name"}
    assert kept.json() == {
        "buttons": [],
        "integrations": {},
        "properties": {"group": {}, "license": {}},
        "prechat_form": {"id": str(form.pk), "fields": [{**name, "required": False}]},
    }
    assert kept["Cache-Control"] == FOR_A_YEAR
    assert "Origin" in kept["Vary"]
    old = get(client, cast, "get_configuration", group_id=0, version="old")
    assert (old.json(), old["Cache-Control"]) == (kept.json(), "no-store")


def test_the_phrases_are_kept_under_their_version(client: Client, cast: Cast) -> None:
    answer = now(client, cast)
    terms = {"group_id": 0, "language": answer["language"]}
    kept = get(client, cast, "get_localization", version=answer["localization_version"], **terms)
    assert kept["Cache-Control"] == FOR_A_YEAR
    assert kept.json()["We_are_offline"] == "We are offline"
    assert kept.json()["Chat_with_name"] == "Chat with %name%"


def test_the_phrases_are_in_the_language_asked_for(client: Client, cast: Cast) -> None:
    """Django's own catalogue has some of our words, such as this one."""
    terms = {"group_id": 0, "version": "1"}
    german = get(client, cast, "get_localization", language="de", **terms).json()
    english = get(client, cast, "get_localization", language="en", **terms).json()
    assert german.keys() == english.keys()
    assert (german["Close"], english["Close"]) == ("Schließen", "Close")
    versions = [
        now(client, cast, headers={"Accept-Language": language}) for language in ("de", "en")
    ]
    assert [one["language"] for one in versions] == ["de", "en"]
    assert versions[0]["localization_version"] != versions[1]["localization_version"]


def test_no_two_phrases_have_one_key() -> None:
    assert len(phrases.list_phrases("en")) == len(phrases._messages()) > 20


@pytest.mark.parametrize(
    ("action", "terms", "expected"),
    [
        ("get_dynamic_configuration", {"group_id": "x"}, (400, "validation")),
        ("get_configuration", {"group_id": 0}, (400, "validation")),
        ("get_configuration", {"group_id": 77, "version": ""}, (404, "group_not_found")),
        ("get_localization", {"group_id": 0, "version": ""}, (400, "validation")),
        (
            "get_localization",
            {"group_id": 0, "version": "", "language": "../x"},
            (400, "validation"),
        ),
        ("list_everything", {}, (404, "validation")),
    ],
)
def test_it_refuses_a_wrong_query(
    client: Client, cast: Cast, action: str, terms: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert refusal(get(client, cast, action, **terms)) == expected


def test_it_refuses_post(client: Client, cast: Cast) -> None:
    query = f"organization_id={cast.organization.organization_id}"
    response = client.post(f"/livechat/v3.5/customer/action/get_configuration?{query}")
    assert refusal(response) == (405, "validation")
    assert response["Allow"] == "GET, OPTIONS"
