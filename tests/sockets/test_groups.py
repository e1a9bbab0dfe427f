"""Whether somebody is there: asked for, and told when it changes."""

import pytest

from livechat_widget.domain import agents
from livechat_widget.models import Agent
from tests.cast import Cast
from tests.clients import customer_client
from tests.servers import Server
from tests.sockets.conftest import Connect


def test_statuses_are_listed(connect: Connect, live_cast: Cast) -> None:
    live_cast.group(1)
    Cast().group(7)
    vera = connect(live_cast.customer())
    everything = {"groups_status": {"0": "online", "1": "offline"}}
    assert vera.ask_ok("list_group_statuses", {"all": True}) == everything
    asked = vera.ask_ok("list_group_statuses", {"group_ids": [1, 7, 8, -1, 2**62]})
    assert asked == {"groups_status": {"1": "offline"}}
    assert vera.ask_ok("list_group_statuses", {"group_ids": []}) == {"groups_status": {}}
    for wrong in ({}, {"all": True, "group_ids": [0]}, {"group_ids": ["0"]}):
        assert vera.error("list_group_statuses", wrong)["type"] == "validation"


def test_an_agent_is_predicted(connect: Connect, live_cast: Cast) -> None:
    vera = connect(live_cast.customer(), version="3.6")
    answer = vera.ask_ok("get_predicted_agent")
    assert answer == {
        "agent": {
            "type": "agent",
            "id": live_cast.ann.public_id,
            "name": "Ann",
            "avatar": "",
            "job_title": "",
            "is_bot": False,
        },
        "queue": False,
    }


def test_without_a_group_the_customers_own_counts(connect: Connect, live_cast: Cast) -> None:
    live_cast.group(1)
    vera = connect(live_cast.customer(), version="3.6", login={"group_id": 1})
    assert vera.error("get_predicted_agent")["type"] == "group_offline"
    assert vera.ask_ok("get_predicted_agent", {"group_id": 0})["agent"]["name"] == "Ann"


def test_it_answers_the_same_for_a_foreign_group_as_for_an_absent_one(
    connect: Connect, live_cast: Cast
) -> None:
    Cast().group(7)
    vera = connect(live_cast.customer(), version="3.6")
    answers = [vera.error("get_predicted_agent", {"group_id": one}) for one in (7, 8)]
    assert answers[0]["type"] == "group_not_found"
    assert answers[0] == answers[1]


def test_a_change_is_told_in_the_way_of_each_version(
    connect: Connect, live_cast: Cast, server: Server
) -> None:
    orders = live_cast.group(1)
    new = connect(live_cast.customer(), login={"group_id": 1})
    old = connect(live_cast.customer(), version="3.3", login={"group_id": 1})
    general = connect(live_cast.customer(), version="3.3")
    foreign = Cast()
    live_cast.ann.groups.add(orders)
    assert new.push("groups_status_updated")["payload"] == {
        "groups": [{"id": 1, "status": "online"}]
    }
    update = {"name": "groups_update", "groups": [{"id": 1, "status": "online"}]}
    assert old.push("incoming_multicast")["payload"] == {"type": "lc2", "content": update}
    with customer_client(server, foreign, foreign.customer()) as stranger:
        agents.set_accepting(live_cast.ann, False)
        assert new.push("groups_status_updated")
        assert stranger.pushes() == []
    groups = [{"id": 1, "status": "offline"}, {"id": 0, "status": "offline"}]
    assert new.frames[-1]["payload"] == {"groups": groups}
    update = {"name": "groups_update", "groups": groups[:1]}
    assert old.push("incoming_multicast")["payload"]["content"] == update
    update = {"name": "groups_update", "groups": groups[1:]}
    assert general.push("incoming_multicast")["payload"]["content"] == update
    assert general.names() == ["incoming_multicast"]
    assert (new.names(), old.names()) == (
        ["groups_status_updated"] * 2,
        ["incoming_multicast"] * 2,
    )


@pytest.mark.parametrize(
    ("version", "push"), [("3.3", "incoming_multicast"), ("3.5", "groups_status_updated")]
)
def test_who_did_not_ask_for_it_is_not_told(
    connect: Connect, live_cast: Cast, version: str, push: str
) -> None:
    names = ["customer_updated"]
    silent = connect(live_cast.customer(), version=version, login={"pushes": {version: names}})
    asking = connect(
        live_cast.customer(), version=version, login={"pushes": {version: [*names, push]}}
    )
    Agent.objects.filter(pk=live_cast.ann.pk).update(accepting=False)
    assert asking.push(push)
    assert silent.pushes() == []


def test_the_login_says_where_the_customer_is(connect: Connect, live_cast: Cast) -> None:
    live_cast.ann.groups.add(live_cast.group(1))
    live_cast.group(2, "Repairs")
    for asked, found in ((1, 1), (2, 2), (9, 0), (-1, 0)):
        config = connect(live_cast.customer(), login={"group_id": asked}).login[
            "__priv_dynamic_config"
        ]
        assert config["customer_groups"]["monitoring"]["id"] == found
        assert config["online_groups_ids"] == [0, 1]
