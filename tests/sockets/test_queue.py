"""Who waits is told where; who gets a chat is told by the log."""

from typing import Any

import pytest

from livechat_widget.domain import agents, chats
from livechat_widget.models import Agent, Presence
from tests.cast import Cast
from tests.clients import Client
from tests.servers import Server
from tests.sockets.conftest import Connect
from tests.sockets.desk import console_client


@pytest.fixture
def live_cast(shared_db: None) -> Cast:
    cast = Cast("least_loaded")
    Agent.objects.filter(pk=cast.ann.pk).update(concurrent_limit=1)
    return cast


@pytest.fixture
def busy(connect: Connect, live_cast: Cast) -> Client:
    """A customer whom Ann answers, who has no room for another one."""
    client = connect(live_cast.customer(), version="3.6")
    start(client)
    added = client.push("user_added_to_chat")["payload"]
    assert added["user"]["id"] == live_cast.ann.public_id
    assert added["reason"] == "assigned"
    return client


def start(client: Client, **chat: Any) -> dict[str, Any]:
    """The answer, and the push that settles it."""
    started = client.ask_ok("start_chat", {"chat": chat})
    client.push("incoming_chat")
    return started


def test_it_works(connect: Connect, live_cast: Cast, busy: Client) -> None:
    vera, wera = (connect(live_cast.customer(), version="3.6") for _ in range(2))
    first, second = start(vera), start(wera)
    told = vera.push("queue_position_updated")["payload"]
    assert told == {**ids(first), "queue": {"position": 1, "wait_time": 300}}
    told = wera.push("queue_position_updated")["payload"]
    assert told == {**ids(second), "queue": {"position": 2, "wait_time": 600}}
    busy.ask_ok("deactivate_chat", {"id": chat_of(busy)})
    assert vera.push("user_added_to_chat")["payload"]["chat_id"] == first["chat_id"]
    assert wera.push("queue_position_updated")["payload"]["queue"]["position"] == 1
    assert "queue_position_updated" not in busy.names()


def ids(started: dict[str, Any]) -> dict[str, str]:
    return {name: started[name] for name in ("chat_id", "thread_id")}


def chat_of(client: Client) -> str:
    return client.ask_ok("list_chats", {})["chats_summary"][0]["id"]


def test_the_oldest_version_has_it_too(connect: Connect, live_cast: Cast, busy: Client) -> None:
    vera = connect(live_cast.customer(), version="3.3")
    started = start(vera)
    assert vera.push("queue_position_updated")["payload"]["queue"]["position"] == 1
    shown = vera.ask_ok("get_chat", {"chat_id": started["chat_id"]})["thread"]
    assert shown["queue"].keys() == {"position", "wait_time", "queued_at"}
    assert shown["properties"]["lc2"]["queue_pos"] == 1


def test_who_leaves_lets_the_others_move_up(
    connect: Connect, live_cast: Cast, busy: Client
) -> None:
    vera, wera = (connect(live_cast.customer(), version="3.6") for _ in range(2))
    start(vera)
    start(wera)
    assert wera.push("queue_position_updated")["payload"]["queue"]["position"] == 2
    vera.ask_ok("deactivate_chat", {"id": chat_of(vera)})
    assert wera.push("queue_position_updated")["payload"]["queue"]["position"] == 1
    assert "queue_position_updated" not in [
        frame["action"] for frame in vera.frames if frame.get("seq") and frame["type"] == "push"
    ], "it is not in the log"


def test_a_change_of_the_status_is_pushed(connect: Connect, live_cast: Cast) -> None:
    vera, wera = (connect(live_cast.customer(), version="3.6") for _ in range(2))
    start(wera)
    told = {"groups": [{"id": 0, "status": "online_for_queue"}]}
    assert vera.push("groups_status_updated")["payload"] == told
    assert vera.ask_ok("get_predicted_agent")["queue"] is True
    assert wera.ask_ok("list_group_statuses", {"all": True})["groups_status"] == {
        "0": "online_for_queue"
    }


def test_who_opens_the_console_is_there(server: Server, connect: Connect, live_cast: Cast) -> None:
    Presence.objects.filter(author=live_cast.ann.public_id).delete()
    waited = chats.start(live_cast.customer(), chats.Opening(continuous=True)).chat
    with console_client(server, live_cast.ann) as console:
        added = console.push("user_added_to_chat")
        assert added["payload"]["chat_id"] == waited.pk
        assert added["payload"]["user"]["id"] == live_cast.ann.login
        assert f'data-agents="{live_cast.ann.public_id}"' in added["html"]
        vera = connect(live_cast.customer())
        status = vera.ask_ok("list_group_statuses", {"all": True})["groups_status"]
        assert status == {"0": "online_for_queue"}
        agents.set_accepting(live_cast.ann, False)
        assert vera.push("groups_status_updated")
