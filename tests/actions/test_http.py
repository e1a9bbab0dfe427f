"""The actions over HTTP: the same functions as on the socket, and JSON whatever happens."""

import json
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, override_settings

from livechat_widget.actions.customer import ACTIONS, POSTS
from livechat_widget.models import Customer, Event
from livechat_widget.protocol.versions import VERSIONS
from tests.cast import Cast

SITE = "http://testserver"
SHOP = "https://shop.example"
ROOT = "/livechat/v3.5/customer/action/"


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer(name="Vera")


def post(
    client: Client, customer: Customer, action: str, payload: Any = None, **options: Any
) -> HttpResponse:
    """As the customer; the options replace the address, the token, the query or headers."""
    organization = options.pop("organization", customer.organization)
    query = options.pop("query", f"organization_id={organization.organization_id}")
    headers = {
        "Authorization": options.pop("token", Cast.token(None, customer)),  # type: ignore[arg-type]
        **options.pop("headers", {}),
    }
    return client.generic(
        options.pop("method", "POST"),
        f"{options.pop('root', ROOT)}{action}?{query}",
        options.pop("body", json.dumps(payload or {})),
        content_type="application/json",
        headers=headers,
    )


def refusal(response: HttpResponse) -> tuple[int, str]:
    assert response["Content-Type"] == "application/json"
    error = response.json()["error"]
    assert error["message"]
    return response.status_code, error["type"]


def test_it_works(client: Client, vera: Customer) -> None:
    greeting = {"type": "message", "text": "Hello", "custom_id": "c1"}
    started = post(client, vera, "start_chat", {"chat": {"thread": {"events": [greeting]}}})
    assert started.status_code == 200
    chat_id = started.json()["chat_id"]
    sent = post(
        client, vera, "send_event", {"chat_id": chat_id, "event": {"type": "message", "text": "!"}}
    )
    assert sent.json() == {"event_id": str(Event.objects.get(chat=chat_id, content__text="!").pk)}
    assert sent["Cache-Control"] == "no-store"
    thread = post(client, vera, "get_chat", {"chat_id": chat_id}).json()["thread"]
    assert [event["text"] for event in thread["events"]][-2:] == ["Hello", "!"]


def test_a_retry_is_answered_as_the_first_time(client: Client, cast: Cast, vera: Customer) -> None:
    event = {"type": "message", "text": "Once", "custom_id": "c1"}
    payload = {"chat_id": cast.chat(vera).pk, "event": event}
    first, second = (post(client, vera, "send_event", payload) for _ in range(2))
    assert first.json() == second.json()
    assert Event.objects.filter(content__text="Once").count() == 1


@pytest.mark.parametrize("name", [*ACTIONS, *POSTS])
def test_every_action_is_here(client: Client, vera: Customer, name: str) -> None:
    """None of them takes a list, and that is found out by the Struct of its request."""
    for version in VERSIONS.values():
        root = f"/livechat/v{version.name}/customer/action/"
        response = post(client, vera, name, root=root, body="[]")
        if version.has_action(name):
            assert refusal(response) == (400, "validation")
            assert response.json()["error"]["message"].startswith("payload: Expected `object`")
        else:
            assert refusal(response) == (404, "validation")


def test_a_path_without_a_version_goes_with_a_header(client: Client, vera: Customer) -> None:
    root = "/livechat/customer/action/"
    answer = post(client, vera, "get_customer", root=root, headers={"X-API-Version": "3.4"})
    assert answer.json()["id"] == str(vera.pk)
    for headers in ({}, {"X-API-Version": "2.0"}):
        refused = post(client, vera, "get_customer", root=root, headers=headers)
        assert refusal(refused) == (400, "unsupported_version")


@pytest.mark.parametrize("version", VERSIONS)
def test_it_takes_either_id_in_every_version(client: Client, vera: Customer, version: str) -> None:
    root = f"/livechat/v{version}/customer/action/"
    for query in (
        f"license_id={vera.organization.license_id}",
        f"organization_id={vera.organization.organization_id}",
    ):
        response = post(client, vera, "get_customer", root=root, query=query)
        assert response.json()["id"] == str(vera.pk)


@pytest.mark.parametrize("segment", [".livechatinc.com/", "lc.livechatinc.com/"])
def test_it_takes_the_segment_of_published_clients(
    client: Client, vera: Customer, segment: str
) -> None:
    root = f"/livechat/{segment}v3.3/customer/action/"
    assert post(client, vera, "get_customer", root=root).status_code == 200
    assert post(client, vera, "get_customer", root=root.replace("com/", "org/")).status_code == 404


def test_it_takes_an_empty_body_for_an_empty_payload(client: Client, vera: Customer) -> None:
    assert post(client, vera, "get_customer", body="").status_code == 200


def test_goals_are_taken(client: Client, vera: Customer) -> None:
    payload = {"session_fields": [{"a": "b"}], "group_id": 0, "page_url": "https://shop.example/"}
    response = post(client, vera, "check_goals", payload)
    assert (response.status_code, response.json()) == (200, {})
    assert refusal(post(client, vera, "check_goals")) == (400, "validation")


@pytest.mark.parametrize(
    "path", ["", "nonsense", "send_event/", "../token", "a/b", "get\ncustomer"]
)
def test_it_refuses_an_unknown_action(client: Client, vera: Customer, path: str) -> None:
    assert refusal(post(client, vera, path.replace("\n", "%0A"))) == (404, "validation")


def test_it_says_nothing_of_a_body_to_who_has_no_token(client: Client, vera: Customer) -> None:
    for body in ("[]", "{"):
        refused = post(client, vera, "send_event", body=body, token="Bearer forged")
        assert refusal(refused) == (401, "authentication")


def test_it_refuses_the_folder_itself_without_a_redirect(client: Client, vera: Customer) -> None:
    assert refusal(post(client, vera, "", root=ROOT.rstrip("/"))) == (404, "validation")


@pytest.mark.parametrize("version", ["", "2.0", "9.9", "3", "x" * 500])
def test_it_refuses_an_unknown_version(client: Client, vera: Customer, version: str) -> None:
    root = f"/livechat/v{version}/customer/action/"
    response = post(client, vera, "get_customer", root=root)
    assert refusal(response) == (400, "unsupported_version")
    assert "v3.5" in response.json()["error"]["message"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_it_refuses_another_method(client: Client, vera: Customer, method: str) -> None:
    response = post(client, vera, "get_customer", method=method)
    assert refusal(response) == (405, "validation")
    assert response["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("body", ["{", "[]", "null", b"\xff", "[" * 10_000, '{"chat_id": 1}'])
def test_it_refuses_what_is_no_payload(client: Client, vera: Customer, body: Any) -> None:
    assert refusal(post(client, vera, "get_chat", body=body)) == (400, "validation")


def test_it_says_what_is_wrong_where(client: Client, vera: Customer) -> None:
    response = post(client, vera, "get_chat", {"chat_id": ["x"]})
    assert "`$.chat_id`" in response.json()["error"]["message"]


def test_it_refuses_a_body_that_is_too_large(client: Client, vera: Customer) -> None:
    limit = 64 * 1024
    fitting = json.dumps({"more": "x" * (limit - 12)})
    assert len(fitting) == limit
    assert post(client, vera, "get_customer", body=fitting).status_code == 200
    large = post(client, vera, "get_customer", body=fitting + " ")
    assert refusal(large) == (413, "entity_too_large")


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer x", "Bearer a:b:c"])
def test_it_refuses_a_bad_token(client: Client, vera: Customer, token: str) -> None:
    response = post(client, vera, "get_customer", token=token)
    assert refusal(response) == (401, "authentication")
    assert response["WWW-Authenticate"] == "Bearer"


@override_settings(LIVECHAT={"TOKEN_LIFETIME_SECONDS": -1})
def test_it_refuses_an_expired_token(client: Client, vera: Customer) -> None:
    assert refusal(post(client, vera, "get_customer")) == (401, "authentication")


def test_it_refuses_the_token_of_another_organization(client: Client, vera: Customer) -> None:
    foreign = Cast().organization
    assert post(client, vera, "get_customer").status_code == 200
    response = post(client, vera, "get_customer", organization=foreign)
    assert refusal(response) == (401, "authentication")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", (400, "validation")),
        ("license_id=1", (404, "license_not_found")),
        ("organization_id=x%00", (404, "license_not_found")),
    ],
)
def test_it_refuses_an_organization_that_is_not_there(
    client: Client, vera: Customer, query: str, expected: tuple[int, str]
) -> None:
    assert refusal(post(client, vera, "get_customer", query=query)) == expected


def test_it_refuses_the_chat_of_somebody_else(client: Client, cast: Cast, vera: Customer) -> None:
    theirs = cast.chat().pk
    assert refusal(post(client, vera, "get_chat", {"chat_id": theirs})) == (404, "not_found")


def test_a_trusted_page_may_read_the_answer(client: Client, vera: Customer) -> None:
    vera.organization.trusted_origins = [SHOP]
    vera.organization.save()
    for token in (None, "Bearer expired"):
        options = {"token": token} if token else {}
        response = post(client, vera, "get_customer", headers={"Origin": SHOP}, **options)
        assert response["Access-Control-Allow-Origin"] == SHOP
        assert "Access-Control-Allow-Credentials" not in response
        assert "Origin" in response["Vary"]


def test_an_untrusted_page_may_not(client: Client, vera: Customer) -> None:
    for method in ("POST", "OPTIONS"):
        headers = {"Origin": "https://evil.example"}
        response = post(client, vera, "get_customer", method=method, headers=headers)
        assert refusal(response) == (403, "authorization")
        assert "Access-Control-Allow-Origin" not in response


def test_each_organization_trusts_its_own_pages(client: Client, vera: Customer) -> None:
    vera.organization.trusted_origins = [SHOP]
    vera.organization.save()
    other = Cast().customer()
    assert post(client, vera, "get_customer", headers={"Origin": SHOP}).status_code == 200
    assert post(client, other, "get_customer", headers={"Origin": SHOP}).status_code == 403


def test_it_answers_a_preflight(client: Client, vera: Customer) -> None:
    response = post(
        client,
        vera,
        "send_event",
        method="OPTIONS",
        token="",
        headers={
            "Origin": SITE,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == SITE
    assert "POST" in response["Access-Control-Allow-Methods"]
    assert response["Access-Control-Allow-Headers"] == (
        "authorization, content-type, x-api-version"
    )
    assert "Access-Control-Allow-Credentials" not in response


def test_it_needs_no_csrf_token_and_no_session(vera: Customer) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = post(strict, vera, "get_customer")
    assert response.status_code == 200
    assert not response.cookies


def test_a_database_that_does_not_answer_is_said(
    client: Client, vera: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError("no connection")

    monkeypatch.setattr("livechat_widget.domain.organizations.find", fail)
    response = post(client, vera, "get_customer")
    assert refusal(response) == (503, "service_unavailable")
    assert response.json()["error"]["data"] == {"retry_after_ms": 1000}


def test_a_fault_of_ours_is_logged_and_not_shown(
    client: Client, vera: Customer, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setattr("livechat_widget.domain.customers.describe", lambda _: 1 / 0)
    assert refusal(post(client, vera, "get_customer")) == (500, "internal")
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [("suspended", True, "license_expired"), ("oldest_version", "3.6", "wrong_product_version")],
)
def test_it_refuses_what_the_organization_no_longer_takes(
    client: Client, vera: Customer, field: str, value: Any, kind: str
) -> None:
    setattr(vera.organization, field, value)
    vera.organization.save()
    response = post(client, vera, "get_customer", {})
    assert (response.status_code, response.json()["error"]["type"]) == (403, kind)


@pytest.mark.parametrize(
    ("host", "query"), [("testserver", "&region=dal"), ("api-dal.testserver", "")]
)
def test_it_says_in_which_region_the_organization_is(
    client: Client, vera: Customer, host: str, query: str
) -> None:
    path = f"/livechat/v3.5/customer/action/get_customer?license_id={vera.organization.license_id}"
    with override_settings(LIVECHAT={"REGION": "fra"}):
        response = client.post(path + query, headers={"Host": host})
    assert response.status_code == 421
    assert response.json()["error"]["type"] == "misdirected_request"
    assert response.json()["error"]["data"] == {"region": "fra"}
