"""Chats are given to agents, one after the other, with the reason."""

import msgspec
import pytest

from livechat_widget.domain import agents, census, chats, groups, routing, rules
from livechat_widget.domain.chats import Opening
from livechat_widget.domain.decision import Decision, decide
from livechat_widget.errors import GroupOffline, GroupsOffline, GroupUnavailable
from livechat_widget.models import (
    Agent,
    Chat,
    ChatUser,
    Customer,
    Group,
    Membership,
    Presence,
    RoutingRule,
    Thread,
)
from tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast("least_loaded")


def route(cast: Cast) -> int:
    return routing.route(cast.organization.pk)


def agent_of(chat: Chat) -> Agent | None:
    return Thread.objects.select_related("agent").get(chat=chat, active=True).agent


def limit(agent: Agent, most: int) -> None:
    Agent.objects.filter(pk=agent.pk).update(concurrent_limit=most)


def test_it_works(cast: Cast) -> None:
    chat = cast.chat()
    assert route(cast) == 1
    assert agent_of(chat) == cast.ann
    user = ChatUser.objects.get(chat=chat, agent=cast.ann)
    assert (user.author, user.present) == (cast.ann.public_id, True)
    entry = chat.customer.stream.entries.latest("seq")
    assert (entry.action, entry.payload["reason"]) == ("user_added_to_chat", "assigned")
    assert route(cast) == 0


def test_the_commit_that_asked_for_it_is_enough(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        chat = cast.chat()
    assert agent_of(chat) == cast.ann


def test_the_reason_is_kept_and_decides_it_again(cast: Cast) -> None:
    bob = cast.agent("Bob")
    chats.join(cast.chat().pk, cast.ann)
    chat = cast.chat()
    route(cast)
    kept = msgspec.convert(Thread.objects.get(chat=chat).decision, Decision)
    assert [(one.name, one.load, one.limit) for one in kept.candidates] == [
        ("Bob", 0, 6),
        ("Ann", 1, 6),
    ]
    assert decide(kept.request, kept.candidates).agent == bob.public_id == kept.agent


def test_nobody_gets_more_than_the_limit(cast: Cast) -> None:
    limit(cast.ann, 2)
    started = [cast.chat() for _ in range(4)]
    assert route(cast) == 2
    assert [agent_of(one) for one in started] == [cast.ann, cast.ann, None, None]


def test_the_queue_moves_on_in_order(cast: Cast, django_capture_on_commit_callbacks) -> None:
    limit(cast.ann, 1)
    first, second, third = (cast.chat() for _ in range(3))
    route(cast)
    with django_capture_on_commit_callbacks(execute=True):
        chats.deactivate(first.pk, cast.ann)
    assert (agent_of(second), agent_of(third)) == (cast.ann, None)
    with django_capture_on_commit_callbacks(execute=True):
        chats.deactivate(second.pk, second.customer)
    assert agent_of(third) == cast.ann


def test_who_starts_accepting_is_given_what_waits(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    chat = cast.chat()
    agents.set_accepting(cast.ann, False)
    assert route(cast) == 0
    with django_capture_on_commit_callbacks(execute=True):
        agents.set_accepting(cast.ann, True)
    assert agent_of(chat) == cast.ann


def test_who_opens_the_console_is_given_what_waits(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    chat = cast.chat()
    cast.come(cast.ann, seconds=-1)
    assert route(cast) == 0
    with django_capture_on_commit_callbacks(execute=True):
        census.renew_agents([cast.ann])
    assert agent_of(chat) == cast.ann


def test_groups_are_answered_by_their_agents(cast: Cast) -> None:
    orders = cast.group(1)
    bob = cast.agent("Bob")
    bob.groups.add(orders)
    opening = Opening(group_number=1)
    in_orders = [chats.start(cast.customer(), opening).chat for _ in range(2)]
    in_general = [cast.chat() for _ in range(2)]
    assert route(cast) == 4
    assert {agent_of(one) for one in in_orders} == {bob}
    assert {agent_of(one) for one in in_general} == {cast.ann}, "who has fewer by then"


def test_a_full_group_does_not_hold_up_the_others(cast: Cast) -> None:
    orders = cast.group(1)
    bob = cast.agent("Bob")
    bob.groups.add(orders)
    limit(bob, 1)
    opening = Opening(group_number=1)
    stuck = [chats.start(cast.customer(), opening).chat for _ in range(3)]
    free = cast.chat()
    assert route(cast) == 2
    assert [agent_of(one) for one in (*stuck, free)] == [bob, None, None, cast.ann]


def test_a_supervisor_is_given_nothing(cast: Cast) -> None:
    Membership.objects.create(agent=cast.ann, group=cast.general, priority="supervisor")
    chat = cast.chat()
    assert route(cast) == 0
    assert groups.list_statuses(cast.organization.pk) == {0: "online_for_queue"}
    chats.join(chat.pk, cast.ann)
    assert agent_of(chat) == cast.ann


def test_the_last_agent_comes_first(cast: Cast) -> None:
    Group.objects.filter(pk=cast.general.pk).update(strategy="last_agent")
    bob = cast.agent("Bob")
    chat = cast.chat()
    chats.join(chat.pk, bob)
    chats.join(cast.chat().pk, bob)
    chats.deactivate(chat.pk, bob)
    chats.resume(chat.pk, chat.customer, Opening())
    route(cast)
    assert agent_of(chat) == bob


def test_in_a_manual_group_agents_take_chats(cast: Cast) -> None:
    Group.objects.update(strategy="manual")
    chat = cast.chat()
    assert route(cast) == 0
    assert agent_of(chat) is None


def test_who_takes_a_chat_may_have_more_than_the_limit(cast: Cast) -> None:
    limit(cast.ann, 1)
    first, second = cast.chat(), cast.chat()
    route(cast)
    chats.join(second.pk, cast.ann)
    assert [agent_of(first), agent_of(second)] == [cast.ann, cast.ann]


def test_outside_the_hours_nothing_is_given_out(cast: Cast) -> None:
    chat = cast.chat()
    Group.objects.filter(pk=cast.general.pk).update(hours={"exceptions": {}})
    assert route(cast) == 0
    assert groups.list_statuses(cast.organization.pk) == {0: "offline"}
    with pytest.raises(GroupOffline):
        groups.predict(cast.organization.pk)
    Group.objects.filter(pk=cast.general.pk).update(hours={})
    assert route(cast) == 1
    assert agent_of(chat) == cast.ann


def test_a_busy_group_is_online_for_its_queue_until_that_is_full(cast: Cast) -> None:
    limit(cast.ann, 1)
    Group.objects.filter(pk=cast.general.pk).update(queue_limit=1)

    def status() -> str:
        return groups.list_statuses(cast.organization.pk)[0]

    assert status() == "online"
    assert not groups.predict(cast.organization.pk).queue
    cast.chat()
    route(cast)
    assert status() == "online_for_queue"
    assert groups.predict(cast.organization.pk) == (cast.ann, True)
    cast.chat()
    assert status() == "offline"
    with pytest.raises(GroupUnavailable):
        groups.predict(cast.organization.pk)
    with pytest.raises(GroupsOffline):
        cast.chat()
    chats.start(cast.customer(), Opening(continuous=True))  # it waits as long as it takes


def test_without_messages_a_continuous_chat_needs_somebody_too(cast: Cast) -> None:
    Presence.objects.all().delete()
    chats.start(cast.customer(), Opening(continuous=True))
    for offline in ("ticket", "hide"):
        Group.objects.filter(pk=cast.general.pk).update(offline=offline)
        with pytest.raises(GroupsOffline):
            chats.start(cast.customer(), Opening(continuous=True))
    chats.start(cast.customer(), Opening(active=False))


def test_a_rule_chooses_the_group(cast: Cast, settings) -> None:
    orders, gold = cast.group(1), cast.group(2, "Gold")
    german = [{"type": "language", "languages": ["de"]}]
    golden = [{"type": "session_field", "fields": ["plan=gold"]}]
    RoutingRule.objects.create(group=orders, conditions=german, position=1)
    RoutingRule.objects.create(group=gold, conditions=golden)
    vera = cast.customer(session_fields=[{"plan": "gold"}])
    Customer.objects.filter(pk=vera.pk).update(language="de-at")
    assert rules.choose(vera) == 2
    assert rules.choose(Cast().customer(session_fields=[{"plan": "gold"}])) == 0
    Customer.objects.filter(pk=vera.pk).update(session_fields=[])
    assert rules.choose(vera) == 1
    assert chats.start(vera, Opening(continuous=True)).thread.group.number == 1
    assert rules.choose(cast.customer()) == 0
    settings.LIVECHAT = {"CHOOSE_GROUP": "tests.domain.test_routing.by_name"}
    assert rules.choose(cast.customer(name="2")) == 2
    assert rules.choose(cast.customer(name="9")) == 0, "there is none, so the rules decide"
    assert rules.choose(cast.customer()) == 0


def by_name(customer: Customer) -> int | None:
    return int(customer.name) if customer.name else None
