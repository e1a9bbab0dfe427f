"""The protocol works wherever a site includes it, and at the root of a host of its own."""

import json
import re
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.http import HttpResponse
from django.test import AsyncClient, Client, override_settings

from livechat_widget.asgi import _find_connection
from livechat_widget.models import Customer, Organization
from livechat_widget.sockets.customer import CustomerConnection
from tests.cast import Cast

PLACES = {
    "tests.urls": ("/livechat/", "/livechat/"),
    "tests.urlconfs.root": ("/", "/"),
    "tests.urlconfs.deep": ("/a/b.c/~d/", "/a/b.c/~d/"),
    "tests.urlconfs.apart": ("/chat/", "/protocol/"),
}
API, ACCOUNTS, SITE = "api.chat.example", "accounts.chat.example", "testserver"
SHOP = "https://shop.example"


@pytest.fixture
def vera(cast: Cast) -> Customer:
    Organization.objects.exclude(pk=cast.organization.pk).delete()
    cast.organization.trusted_origins = [SHOP]
    cast.organization.save()
    return cast.customer()


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, settings: Any) -> tuple[str, str]:
    """The prefixes of the pages and of the protocol."""
    settings.ROOT_URLCONF = request.param
    return PLACES[request.param]


@pytest.fixture
def hosts(settings: Any) -> None:
    settings.MIDDLEWARE = ["livechat_widget.protocol_host.protocol_host", *settings.MIDDLEWARE]
    settings.LIVECHAT = {**settings.LIVECHAT, "PROTOCOL_HOSTS": [API, ACCOUNTS]}


def every_door(cast: Cast, customer: Customer, prefix: str, **options: Any) -> None:
    """What published clients ask, in the way they do."""
    client = Client(enforce_csrf_checks=True, **options)
    organization = customer.organization
    query = f"license_id={organization.license_id}"
    body = {"grant_type": "cookie", "license_id": organization.license_id}
    origin = {"Origin": SHOP}
    for path in ("customer/token", "v2/customer/token"):
        token = client.post(f"{prefix}{path}", json.dumps(body), "text/plain", headers=origin)
        assert token.status_code == 200, path
    frame = client.get(f"{prefix}customer?{query}&post_message_uri={SHOP}/")
    assert frame.status_code == 200
    assert "data-message" in frame.content.decode()
    group = client.get(
        f"{prefix}licence/g{organization.license_id}_0/customer?post_message_uri={SHOP}/"
    )
    assert group.status_code == 200
    headers = {**origin, "Authorization": cast.token(customer)}
    for version in ("3.3", "3.5"):
        url = f"{prefix}v{version}/customer/action/get_customer?{query}"
        found = client.post(url, "{}", "application/json", headers=headers)
        assert found.json()["id"] == str(customer.pk)
    ticket = {"licence_id": organization.license_id, "requester": {"mail": "v@example.org"}}
    url = f"{prefix}v2/tickets/new"
    assert client.options(url, headers=origin).status_code == 204
    sent = client.post(url, {**ticket, "ticket_message": "?"}, "application/json", headers=origin)
    assert sent.status_code == 201


def finds_socket(path: str, host: str = SITE) -> bool:
    scope = {"path": path, "headers": [(b"host", host.encode())], "type": "websocket"}
    return isinstance(_find_connection(scope, None), CustomerConnection)


def test_it_works_below_any_prefix(cast: Cast, vera: Customer, place: tuple[str, str]) -> None:
    pages, protocol = place
    every_door(cast, vera, protocol)
    assert finds_socket(f"{protocol}v3.3/customer/rtm/ws")
    page = Client().get(f"{pages}widget/").content.decode()
    socket_url = re.search('data-socket-url="([^?"]+)', page)
    assert socket_url
    assert socket_url[1].startswith(protocol)
    assert finds_socket(socket_url[1])


def test_no_slash_is_added(vera: Customer, place: tuple[str, str], settings: Any) -> None:
    """Clients do not follow redirects, and a POST would lose its body."""
    assert settings.APPEND_SLASH
    _, protocol = place
    for path in ("customer/token", "v2/customer/token", "v2/tickets/new", "customer"):
        for method in ("GET", "POST", "OPTIONS", "PUT", "HEAD"):
            response = Client().generic(method, f"{protocol}{path}")
            assert not 300 <= response.status_code < 400, (method, path)
    for path in ("v3.5/customer/action", "v3.5/customer/action/", "v3.5/customer/action/nothing"):
        assert Client().post(f"{protocol}{path}").status_code in (400, 404)


def test_it_stands_at_the_root_of_a_host(cast: Cast, vera: Customer, hosts: None) -> None:
    for host in (API, ACCOUNTS):
        every_door(cast, vera, "/", HTTP_HOST=host)
        every_door(cast, vera, "/lc.livechatinc.com/", HTTP_HOST=host)
        every_door(cast, vera, "/", HTTP_HOST=f"{host}:8443")
        assert finds_socket("/v3.3/customer/rtm/ws", host)
        assert finds_socket("/.livechatinc.com/v3.5/customer/rtm/ws", f"{host}:8443")
        assert not finds_socket("/livechat/v3.3/customer/rtm/ws", host)
    assert not finds_socket("/v3.3/customer/rtm/ws")


def test_the_site_stays_as_it_is(vera: Customer, hosts: None) -> None:
    assert Client().get("/livechat/widget/").status_code == 200
    assert Client().get("/customer").status_code == 404
    assert finds_socket("/livechat/v3.3/customer/rtm/ws")
    assert not finds_socket("/v3.3/customer/rtm/ws", f"{API}.evil.example")


def test_nothing_else_is_at_that_host(vera: Customer, hosts: None) -> None:
    client = Client(HTTP_HOST=API)
    for path in ("/", "/admin/", "/livechat/widget/", "/customer/", "/customer/token/", "/v2"):
        response = client.get(path)
        assert_is_refusal(response, 404, "not_found")


def test_it_works_under_asgi(hosts: None, settings: Any) -> None:
    settings.LIVECHAT = {"PROTOCOL_HOSTS": [SITE]}
    response = async_to_sync(AsyncClient().get)("/admin/")
    assert_is_refusal(response, 404, "not_found")


@override_settings(ALLOWED_HOSTS=[API])
def test_what_goes_wrong_there_is_said_in_json(hosts: None, monkeypatch: Any) -> None:
    client = Client(raise_request_exception=False, HTTP_HOST=API)

    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("livechat_widget.pages.token._find", fail)
    assert_is_refusal(client.get("/customer"), 500, "internal")
    assert Client(raise_request_exception=False).get("/customer").status_code == 400


def assert_is_refusal(response: Any, status: int, kind: str) -> None:
    assert response["Content-Type"] == "application/json"
    assert (response.status_code, response.json()["error"]["type"]) == (status, kind)


HOSTILE: dict[str, dict[str, Any]] = {
    "method override": {"headers": {"X-HTTP-Method-Override": "DELETE"}},
    "wrong content type": {"content_type": "image/png"},
    "no content type": {"content_type": ""},
    "unknown charset": {"content_type": "application/json; charset=nonsense"},
    "form": {"content_type": "application/x-www-form-urlencoded", "data": "a=b"},
    "many fields": {
        "content_type": "application/x-www-form-urlencoded",
        "data": "&".join(f"f{number}=1" for number in range(10_000)),
    },
    "multipart without a boundary": {"content_type": "multipart/form-data", "data": "x"},
    "multipart that is none": {"content_type": "multipart/form-data; boundary=x", "data": "--y"},
    "latin": {"data": b"\xff\xfe\x00"},
    "lone surrogate": {"data": '{"a": "\\ud800"}'},
    "deep": {"data": "[" * 60_000},
    "endless number": {"data": "1" * 60_000},
    "large": {"data": "x" * 70_000},
    "foreign host": {"headers": {"X-Forwarded-Host": "evil.example"}},
    "foreign scheme": {"headers": {"X-Forwarded-Proto": "gopher", "X-Forwarded-Port": "-1"}},
    "foreign address": {"headers": {"X-Forwarded-For": "nonsense, 1.1.1.1"}},
    "no host": {"headers": {"Host": ""}},
    "strange host": {"headers": {"Host": "a b"}},
    "rewritten path": {"headers": {"X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/"}},
    "htmx": {"headers": {"HX-Request": "true", "HX-Target": "'><script>", "HX-Boosted": "true"}},
    "htmx elsewhere": {"headers": {"HX-Current-URL": "javascript:alert(1)", "HX-Prompt": "\x7f"}},
    "origin": {"headers": {"Origin": "null"}},
    "long origin": {"headers": {"Origin": "https://" + "a" * 5000}},
    "broken origin": {"headers": {"Origin": "https://[::1"}},
    "broken token": {"headers": {"Authorization": "Bearer \x00\xff"}},
    "broken cookie": {"headers": {"Cookie": 'a="b; livechat=\\"; ;=;'}},
    "language": {"headers": {"Accept-Language": "x" * 5000}},
    "query": {"query": "license_id=%ff%00&organization_id[]=x"},
    "long query": {"query": "license_id=" + "9" * 5000},
    "many parameters": {"query": "&".join("license_id=1" for _ in range(2000))},
    "traversal": {"path": "../../../../etc/passwd"},
    "encoded traversal": {"path": "..%2f..%2fetc%2fpasswd"},
    "backslash": {"path": "%5c%5cevil.example"},
    "two slashes": {"path": "/evil.example/.."},
    "NUL": {"path": "%00"},
    "line feed": {"path": "%0d%0aSet-Cookie:%20a=b"},
}
DOORS = [
    "customer/token",
    "v2/customer/token",
    "v2/customer/logout",
    "v2/tickets/new",
    "customer",
    "v3.5/customer/action/send_event",
    "v3.3/customer/action/get_dynamic_configuration",
    "v3.5/customer/rtm/ws",
    "widget/",
    "widget/messages",
    "widget/seen",
    "widget/news",
    "console/ws",
    "healthz",
]


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_requests_are_refused_and_nothing_breaks(
    client: Client, vera: Customer, kind: str
) -> None:
    usual = {"data": "{}", "content_type": "application/json", "query": "", "path": ""}
    case: dict[str, Any] = {**usual, "headers": {}, **HOSTILE[kind]}
    headers = {"Origin": SHOP, **case["headers"]}
    client.raise_request_exception = True  # an exception fails the test
    for door in DOORS:
        for method in ("POST", "GET", "DELETE"):
            response: HttpResponse = client.generic(
                method,
                f"/livechat/{door}{case['path']}?{case['query']}",
                case["data"],
                case["content_type"],
                headers=headers,
            )
            assert response.status_code < 500, (door, method)
            assert not 300 <= response.status_code < 400, (door, method)
            assert b"<script>" not in response.content
            assert response.get("Access-Control-Allow-Origin") in (None, headers["Origin"])
