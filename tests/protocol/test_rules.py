"""What unmodified published clients break without: a test for each rule, seen from outside."""

import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from typing import Any, get_type_hints

import pytest
from msgspec import Struct

from livechat_widget.actions.customer import ACTIONS
from livechat_widget.domain import chats, greetings
from livechat_widget.models import Customer, Form, Organization
from livechat_widget.protocol.pushes import PUSHES
from tests.cast import Cast
from tests.clients import Client, customer_client
from tests.protocol.stage import fill, set_the_stage
from tests.servers import Server
from tests.sockets.messages import message, opening

SETTLED = {
    "start_chat": "incoming_chat",
    "resume_chat": "incoming_chat",
    "send_event": "incoming_event",
    "deactivate_chat": "chat_deactivated",
}


@pytest.fixture
def vera(live_cast: Cast) -> Customer:
    return live_cast.customer(name="Vera")


@pytest.fixture
def tab(server: Server, live_cast: Cast, vera: Customer) -> Any:
    with customer_client(server, live_cast, vera, version="3.3") as client:
        yield client


@pytest.fixture
def second(server: Server, live_cast: Cast, vera: Customer) -> Any:
    with customer_client(server, live_cast, vera, version="3.3") as client:
        yield client


def http(url: str, body: bytes | None = None, jar: CookieJar | None = None, **headers: str) -> Any:
    """The status, the headers and the body of an answer."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        response = opener.open(urllib.request.Request(url, body, given), timeout=10)
    except urllib.error.HTTPError as error:
        response = error
    return response.status, response.headers, response.read()


def fetch_token(server: Server, cast: Cast, jar: CookieJar | None = None) -> Any:
    body = {"license_id": cast.organization.license_id, "grant_type": "cookie"}
    return http(
        f"{server.url}/livechat/customer/token",
        json.dumps(body).encode(),
        jar,
        Origin=server.url,
        Content_Type="text/plain;charset=UTF-8",
    )


def test_rule_1_the_login_tells_the_group_and_who_is_online(tab: Client) -> None:
    config = tab.login["__priv_dynamic_config"]
    assert config["customer_groups"]["monitoring"]["id"] == 0
    assert config["online_groups_ids"] == [0]


def test_rule_2_a_customer_has_all_six_statistics(tab: Client) -> None:
    for customer in (tab.login["customer"], tab.ask_ok("get_customer")):
        assert len(customer["statistics"]) == 6
        assert all(isinstance(number, int) for number in customer["statistics"].values())


def test_rule_3_the_login_lists_chats_also_where_there_are_none(tab: Client) -> None:
    assert tab.login["chats"] == []


def _do(tab: Client, name: str) -> dict[str, Any]:
    """An action of those that a push settles: the push that has its id."""
    chat = ""
    if name != "start_chat":
        chat = tab.ask_ok("start_chat", opening())["chat_id"]
    if name == "resume_chat":
        tab.ask_ok("deactivate_chat", {"id": chat})
    payload = {
        "start_chat": opening(),
        "resume_chat": {"chat": {"id": chat}},
        "send_event": {"chat_id": chat, "event": message("More")},
        "deactivate_chat": {"id": chat},
    }[name]
    asked = tab.send(name, payload)
    return tab.wait(lambda one: one["type"] == "push" and one.get("request_id") == asked)


@pytest.mark.parametrize(("name", "push"), list(SETTLED.items()))
def test_rule_4_a_push_with_its_id_settles_the_request(tab: Client, name: str, push: str) -> None:
    assert _do(tab, name)["action"] == push


@pytest.mark.parametrize("name", SETTLED)
def test_rule_5_the_id_is_on_one_push_of_one_connection(
    tab: Client, second: Client, name: str
) -> None:
    settled = _do(tab, name)
    tab.pushes(), second.pushes()
    with_id = [one for one in tab.frames if one["type"] == "push" and "request_id" in one]
    assert [one for one in with_id if one["request_id"] == settled["request_id"]] == [settled]
    assert not any("request_id" in one for one in second.frames if one["type"] == "push")


def test_rule_5_what_a_property_makes_the_system_say_has_no_id(
    tab: Client, live_cast: Cast, vera: Customer
) -> None:
    chat = live_cast.chat(vera)
    place = {"chat_id": chat.pk, "thread_id": chat.last_thread_id}
    tab.ask_ok("update_thread_properties", {**place, "properties": {"rating": {"score": 1}}})
    said = tab.wait(
        lambda one: (
            one["action"] == "incoming_event"
            and one["payload"]["event"]["type"] == "system_message"
        )
    )
    assert "request_id" not in said


@pytest.mark.parametrize("action", ACTIONS)
def test_rule_6_every_request_has_one_answer(
    action: str, tab: Client, live_cast: Cast, vera: Customer
) -> None:
    real = set_the_stage(action, live_cast, vera)
    asked = [tab.send(action, fill(action, real)), tab.send(action, {}), tab.send("no_such_action")]
    tab.pushes()
    answers = [one["request_id"] for one in tab.frames if one["type"] == "response"]
    assert sorted(answers) == sorted(tab._asked)
    assert set(asked) <= set(answers)


def test_rule_6_no_failure_follows_the_push_that_settles(tab: Client) -> None:
    chat = tab.ask_ok("start_chat", opening())["chat_id"]
    event = message("Once", custom_id="c1")
    for _ in range(2):
        asked = tab.send("send_event", {"chat_id": chat, "event": event})
        tab.wait(lambda one, known=asked: one.get("request_id") == known and one["type"] == "push")
    tab.pushes()
    assert all(one["success"] for one in tab.frames if one["type"] == "response")


EVERYWHERE = {
    "update_customer": "customer_updated",
    "set_customer_session_fields": "customer_updated",
    "update_customer_page": "customer_page_updated",
    "mark_events_as_seen": "events_marked_as_seen",
    "accept_greeting": "greeting_accepted",
    "cancel_greeting": "greeting_canceled",
    "send_rich_message_postback": "incoming_rich_message_postback",
    "update_chat_properties": "chat_properties_updated",
    "update_thread_properties": "thread_properties_updated",
    "update_event_properties": "event_properties_updated",
    "delete_chat_properties": "chat_properties_deleted",
    "delete_thread_properties": "thread_properties_deleted",
    "delete_event_properties": "event_properties_deleted",
}


@pytest.mark.parametrize("action", EVERYWHERE)
def test_rule_7_every_connection_hears_of_it_the_asking_one_too(
    action: str, tab: Client, second: Client, live_cast: Cast, vera: Customer
) -> None:
    real = set_the_stage(action, live_cast, vera)
    if action.startswith("delete_"):
        before = action.replace("delete_", "update_")
        tab.ask_ok(before, fill(before, real))
    tab.ask_ok(action, fill(action, real))
    assert tab.push(EVERYWHERE[action])["payload"] == second.push(EVERYWHERE[action])["payload"]


def test_rule_8_threads_have_events_and_chats_have_users(
    tab: Client, live_cast: Cast, vera: Customer
) -> None:
    chat = tab.ask_ok("start_chat", {"chat": {}, "active": False, "continuous": True})["chat_id"]
    pushed = tab.push("incoming_chat")["payload"]["chat"]
    got = tab.ask_ok("get_chat", {"chat_id": chat})
    summaries = tab.ask_ok("list_chats")["chats_summary"]
    threads = tab.ask_ok("list_threads", {"chat_id": chat})["threads"]
    assert [one["id"] for one in summaries] == [chat]
    for one in (pushed, got, *summaries):
        assert isinstance(one["users"], list)
    for thread in (pushed["thread"], got["thread"], *threads):
        assert isinstance(thread["events"], list)


def test_rule_9_users_are_present_or_not(tab: Client, live_cast: Cast, vera: Customer) -> None:
    chat = live_cast.chat(vera)
    live_cast.reply(chat, "Good day")
    added = tab.push("user_added_to_chat")["payload"]["user"]
    chats.deactivate(chat.pk, live_cast.ann)
    users = tab.ask_ok("get_chat", {"chat_id": chat.pk})["users"]
    summed = tab.ask_ok("list_chats")["chats_summary"][0]["users"]
    assert len(users) == len(summed) == 2
    assert all(isinstance(one["present"], bool) for one in (added, *users, *summed))


def test_rule_10_an_enabled_form_has_a_field_and_says_what_it_is(
    tab: Client, live_cast: Cast
) -> None:
    form = live_cast.form("prechat")
    asked = {"group_id": 0, "type": "prechat"}
    assert tab.ask_ok("get_form", asked) == {"enabled": False}
    Form.objects.filter(pk=form.pk).delete()
    live_cast.form("prechat", {"type": "name"})
    [field] = tab.ask_ok("get_form", asked)["form"]["fields"]
    assert field["id"]
    live_cast.form("ticket", {"type": "email"})
    [field] = tab.ask_ok("get_form", {**asked, "type": "ticket"})["form"]["fields"]
    assert "id" not in field


def test_rule_11_a_preview_s_picture_has_no_scheme(tab: Client) -> None:
    """The oldest client writes ``https://`` in front of whatever is there."""
    found = tab.ask_ok("get_url_info", {"url": "https://shop.example/scarf"})
    assert found["image_url"] == "shop.example/scarf.png"
    assert found["image_original_url"] == "https://shop.example/scarf.png"


def test_rule_12_a_ping_is_answered_by_its_name_and_only_then(tab: Client) -> None:
    tab.socket.send('{"action": "ping"}')
    assert tab.receive()["action"] == "ping"
    tab.pushes()
    assert [one["action"] for one in tab.frames].count("ping") == 1


def test_rule_13_a_token_is_good_for_over_an_hour(server: Server, live_cast: Cast) -> None:
    status, _, body = fetch_token(server, live_cast)
    assert status == 200
    assert json.loads(body)["expires_in"] == 28800


def test_rule_14_the_same_browser_stays_the_same_customer(server: Server, live_cast: Cast) -> None:
    jar = CookieJar()
    first, again, other = (fetch_token(server, live_cast, one) for one in (jar, jar, CookieJar()))
    ids = [json.loads(body)["entity_id"] for _, _, body in (first, again, other)]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("action", ["upload_file", "get_customer", "no_such_action"])
@pytest.mark.parametrize("body", [b"x" * 70_000, b"nonsense"])
def test_rule_15_every_failure_over_http_is_json(
    server: Server, live_cast: Cast, vera: Customer, action: str, body: bytes
) -> None:
    where = f"{server.url}/livechat/v3.3/customer/action/{action}"
    for query in (f"?license_id={live_cast.organization.license_id}", "?license_id=1", ""):
        status, headers, answer = http(
            where + query, body, Authorization=live_cast.token(vera), Origin=server.url
        )
        assert status >= 400
        assert headers["Content-Type"] == "application/json"
        assert json.loads(answer)["error"].keys() >= {"type", "message"}


def test_rule_16_a_token_is_asked_for_as_text_across_origins(
    server: Server, live_cast: Cast
) -> None:
    Organization.objects.filter(pk=live_cast.organization.pk).update(
        trusted_origins=["https://shop.example"]
    )
    body = json.dumps({"license_id": live_cast.organization.license_id}).encode()
    for headers in ({"Content_Type": "text/plain"}, {"Content_Type": "nonsense"}):
        status, answered, _ = http(
            f"{server.url}/livechat/customer/token", body, Origin="https://shop.example", **headers
        )
        assert status == 200
        assert answered["Access-Control-Allow-Origin"] == "https://shop.example"
        assert answered["Access-Control-Allow-Credentials"] == "true"


def test_rule_17_both_flows_hand_out_the_token(server: Server, live_cast: Cast) -> None:
    jar = CookieJar()
    entity = json.loads(fetch_token(server, live_cast, jar)[2])["entity_id"]
    query = f"license_id={live_cast.organization.license_id}&post_message_uri={server.url}/page"
    status, headers, page = http(f"{server.url}/livechat/customer?{query}&state=s1", jar=jar)
    assert status == 200
    assert "X-Frame-Options" not in headers
    assert entity in page.decode()
    assert f'data-target="{server.url}"' in page.decode()


def test_rule_18_no_organization_has_the_number_of_the_staging_hosts(shared_db: None) -> None:
    assert 1520 not in {Cast().organization.license_id for _ in range(3)}
    with pytest.raises(Exception, match="livechat_license_not_staging"):
        Organization.objects.create(name="Staging", license_id=1520)


def test_rule_19_who_is_there_is_told_3_3_by_multicast(tab: Client, live_cast: Cast) -> None:
    live_cast.ann.accepting = False
    live_cast.ann.save()
    assert tab.push("incoming_multicast")["payload"] == {
        "type": "lc2",
        "content": {"name": "groups_update", "groups": [{"id": 0, "status": "offline"}]},
    }
    assert "groups_status_updated" not in tab.pushes()


def test_rule_20_what_is_an_object_is_one(tab: Client, live_cast: Cast, vera: Customer) -> None:
    greetings.send(str(vera.pk), live_cast.ann, live_cast.greeting().pk)
    greeting = tab.push("incoming_greeting")["payload"]
    assert greeting["agent"]["id"] == live_cast.ann.public_id
    assert greeting["event"]["type"] == "message"
    indicator = get_type_hints(PUSHES["incoming_typing_indicator"])["typing_indicator"]
    assert issubclass(indicator, Struct)


@pytest.mark.parametrize(
    "frame",
    ["nonsense", "[]", '{"action": 1}', '{"action": "none", "request_id": "r"}', "x" * 99999],
)
def test_rule_21_an_error_has_a_type_and_a_message(tab: Client, frame: str) -> None:
    tab.socket.send(frame)
    error = tab.receive()["payload"]["error"]
    assert isinstance(error["type"], str)
    assert isinstance(error["message"], str)
    assert error["message"]
