"""Every error of the protocol, provoked on a server; what it says can be acted on."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from livechat_widget.actions.customer import ACTIONS
from livechat_widget.domain import bans, tokens
from livechat_widget.management.documents.tables import types_of_errors
from livechat_widget.models import Agent, Group, Organization
from tests.cast import Cast
from tests.clients import customer_client, newest_with
from tests.protocol.stage import fill, set_the_stage
from tests.servers import Server, start_server
from tests.sockets.ends import guest
from tests.sockets.messages import message, opening

Error = dict[str, Any]
ABSENT = "K600PKZON8"
# What has no cause here: the feature that has one is not there yet, or the connection ends first.
WITHOUT_A_CAUSE = {
    "limit_reached": "the connection ends with too_many_connections before it is told",
    "not_allowed": "no action depends on anything that has not an error of its own",
}


class Scene:
    """A customer with a connection, and what else a cause needs."""

    def __init__(self, server: Server, cast: Cast) -> None:
        self.server, self.cast = server, cast
        self.customer = cast.customer()

    def ask(self, action: str, payload: Any = None, **envelope: Any) -> Error:
        version = newest_with(action).name
        with customer_client(self.server, self.cast, self.customer, version=version) as client:
            return client.error(action, payload, **envelope)

    def log_in(self) -> Error:
        token = {"token": self.cast.token(self.customer)}
        with guest(self.server, self.cast) as client:
            return client.error("login", token)

    def post(
        self, action: str, body: bytes = b"{}", query: str = "", version: str = "3.5"
    ) -> Error:
        number = self.cast.organization.license_id
        address = f"{self.server.url}/livechat/v3.5/customer/action/{action}"
        headers = {"Authorization": self.cast.token(self.customer)}
        request = urllib.request.Request(f"{address}?license_id={number}{query}", body, headers)
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(request)
        return json.loads(refusal.value.read())["error"]

    def change(self, **fields: Any) -> None:
        Organization.objects.filter(pk=self.cast.organization.pk).update(**fields)


def busy(scene: Scene) -> Error:
    """More than ten messages at once, of which the server commits none so soon."""
    chat = scene.cast.chat(scene.customer)
    with customer_client(scene.server, scene.cast, scene.customer) as client:
        for number in range(90):
            client.send("send_event", {"chat_id": chat.pk, "event": message(f"{number}")})
        refused = client.wait(lambda one: one.get("success") is False)
        return refused["payload"]["error"]


def ended(scene: Scene) -> Error:
    chat = scene.cast.chat(scene.customer)
    with customer_client(scene.server, scene.cast, scene.customer) as client:
        client.ask_ok("deactivate_chat", {"id": chat.pk})
        return client.error("send_event", {"chat_id": chat.pk, "event": message("Hello")})


def nobody_there(scene: Scene, action: str, payload: Any) -> Error:
    scene.cast.ann.accepting = False
    scene.cast.ann.save()
    return scene.ask(action, payload)


def nobody_has_room(scene: Scene) -> Error:
    groups = Group.objects.filter(organization=scene.cast.organization)
    groups.update(strategy="least_loaded", queue_limit=0)
    Agent.objects.filter(pk=scene.cast.ann.pk).update(concurrent_limit=0)
    return scene.ask("get_predicted_agent")


def hasty(scene: Scene) -> Error:
    with guest(scene.server, scene.cast) as client:
        for _ in range(20):
            client.send("ping")
        refused = client.wait(lambda one: one.get("success") is False)
        return refused["payload"]["error"]


def after(act: Callable[[Scene], Any]) -> Callable[[Scene], Error]:
    def cause(scene: Scene) -> Error:
        act(scene)
        return scene.log_in()

    return cause


CAUSES: dict[str, Callable[[Scene], Error]] = {
    "authentication": after(lambda scene: tokens.revoke(scene.customer)),
    "authorization": lambda scene: scene.ask(
        "update_chat_properties",
        {"id": scene.cast.chat(scene.customer).pk, "properties": {"routing": {"pinned": True}}},
    ),
    "chat_already_active": lambda scene: scene.ask(
        "resume_chat", {"chat": {"id": scene.cast.chat(scene.customer).pk}}
    ),
    "chat_inactive": ended,
    "chat_limit_reached": lambda scene: (
        scene.cast.chat(scene.customer),
        scene.ask("start_chat", opening()),
    )[1],
    "customer_banned": after(lambda scene: bans.ban(scene.customer, 1)),
    "customer_session_fields_limit_reached": lambda scene: scene.ask(
        "set_customer_session_fields", {"session_fields": [{f"k{n}": "v"} for n in range(101)]}
    ),
    "entity_too_large": lambda scene: scene.post("get_customer", b" " * 70_000),
    "greeting_not_found": lambda scene: scene.ask("cancel_greeting", {"unique_id": ABSENT}),
    "group_not_found": lambda scene: scene.ask("get_predicted_agent", {"group_id": 77}),
    "group_offline": lambda scene: nobody_there(scene, "get_predicted_agent", {}),
    "group_unavailable": nobody_has_room,
    "groups_offline": lambda scene: nobody_there(scene, "start_chat", opening()),
    "license_expired": after(lambda scene: scene.change(suspended=True)),
    "license_not_found": lambda scene: scene.post("get_customer", query="&organization_id=none"),
    "not_found": lambda scene: scene.ask("get_chat", {"chat_id": ABSENT}),
    "pending_requests_limit_reached": busy,
    "unsupported_version": lambda scene: scene.ask("get_customer", version="3.3"),
    "validation": lambda scene: scene.ask("get_chat", {"chat_id": 1}),
    "wrong_product_version": after(lambda scene: scene.change(oldest_version="3.8")),
}
# What needs a server with other settings: the last one is nonsense, as only a mistake makes it.
ELSEWHERE: dict[str, tuple[dict[str, Any], Callable[[Scene], Error]]] = {
    "misdirected_request": (
        {"REGION": "fra"},
        lambda scene: scene.post("get_customer", query="&region=dal"),
    ),
    "request_timeout": ({"REQUEST_TIMEOUT_SECONDS": 0.0001}, Scene.log_in),
    "service_unavailable": ({"WRITER_QUEUE": 1}, busy),
    "too_many_requests": ({"REQUESTS_PER_SECOND": 1}, hasty),
    "users_limit_reached": (
        {"CUSTOMERS_ONLINE": 1, "CHANNEL_LAYER": None},
        lambda scene: _second(scene),
    ),
    "internal": ({"REQUEST_TIMEOUT_SECONDS": "soon"}, Scene.log_in),
}


def _second(scene: Scene) -> Error:
    with customer_client(scene.server, scene.cast, scene.cast.customer()):
        return scene.log_in()


def test_every_error_has_a_cause() -> None:
    provoked = [*CAUSES, *ELSEWHERE, *WITHOUT_A_CAUSE]
    assert sorted(provoked) == sorted(types_of_errors())


@pytest.mark.parametrize("kind", CAUSES)
def test_it_is_answered(kind: str, server: Server, live_cast: Cast) -> None:
    _check(CAUSES[kind](Scene(server, live_cast)), kind)


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_it_is_answered_by_another_server(kind: str, live_cast: Cast) -> None:
    given, cause = ELSEWHERE[kind]
    with start_server("daphne", LIVECHAT_TEST_SETTINGS=json.dumps(given)) as server:
        _check(cause(Scene(server, live_cast)), kind)


def _check(error: Error, kind: str) -> None:
    assert error["type"] == kind
    assert error["message"].endswith(".") or " - at `$" in error["message"]
    assert len(error["message"].split()) >= 4, "say what to do"


def test_it_names_the_field(server: Server, live_cast: Cast) -> None:
    error = Scene(server, live_cast).ask("get_chat", {"chat_id": 1})
    assert error["message"] == "payload: Expected `str`, got `int` - at `$.chat_id`"


WITH_IDS = [
    name
    for name in ACTIONS
    if any(word in fill(name, {}) or word in str(fill(name, {})) for word in ("_id", "'id'"))
    and name not in ("start_chat", "get_form", "get_predicted_agent", "list_group_statuses")
    and name != "request_welcome_message"
]


@pytest.mark.parametrize("action", WITH_IDS)
def test_a_foreign_id_is_answered_as_an_absent_one(
    action: str, server: Server, live_cast: Cast
) -> None:
    foreign = set_the_stage(action, live_cast, live_cast.customer())
    absent = {shown: _other(real) for shown, real in foreign.items()}
    # Somebody whose own chat is as active as that of the other one.
    vera = live_cast.customer()
    live_cast.chat(vera)
    with customer_client(server, live_cast, vera) as client:
        errors = [client.error(action, fill(action, real)) for real in (foreign, absent)]
    assert errors[0] == errors[1]
    assert errors[0]["type"] in ("not_found", "greeting_not_found")


def _other(real: str) -> str:
    """An id of the same form that nothing has; a time is itself."""
    if real[4:5] == "-":
        return real
    return str(uuid4()) if len(real) == 36 else ABSENT if not real.isdecimal() else "999999"
