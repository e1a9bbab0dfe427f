"""Routing against a simple model of it, by whatever may happen in whatever order."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from livechat_widget.domain import agents, chats, groups, queue, routing
from livechat_widget.domain.chats import Opening
from livechat_widget.models import Agent, Chat, Thread
from tests.cast import Cast

LIMITS = [1, 2, 2]
MEMBERS = {0: {0, 1, 2}, 1: {0, 1}, 2: {2}}


class Routing(RuleBasedStateMachine):
    """The model: who accepts, who answers which chat, and one line per group."""

    chats = Bundle("chats")

    @initialize()
    def open(self) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.cast = Cast("least_loaded")
        self.agents = [self.cast.ann, self.cast.agent("Bob"), self.cast.agent("Cleo")]
        for number in (1, 2):
            group = self.cast.group(number)
            group.agents.set(self.agents[one] for one in MEMBERS[number])
        for agent, limit in zip(self.agents, LIMITS, strict=True):
            Agent.objects.filter(pk=agent.pk).update(concurrent_limit=limit)
        self.accepting = {0, 1, 2}
        self.load = [0, 0, 0]
        self.lines: dict[int, list[Chat]] = {0: [], 1: [], 2: []}
        self.answered: dict[str, int] = {}

    def teardown(self) -> None:
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @rule(target=chats, group=st.sampled_from([0, 1, 2]))
    def a_chat_begins(self, group: int) -> Chat:
        opening = Opening(group_number=group, continuous=True)
        chat = chats.start(self.cast.customer(), opening).chat
        self.lines[group].append(chat)
        self.route()
        return chat

    @rule(chat=consumes(chats))
    def a_chat_ends(self, chat: Chat) -> None:
        chats.deactivate(chat.pk, chat.customer)
        for line in self.lines.values():
            if chat in line:
                line.remove(chat)
        if chat.pk in self.answered:
            self.load[self.answered.pop(chat.pk)] -= 1
        self.route()

    @rule(one=st.sampled_from([0, 1, 2]))
    def somebody_leaves_or_returns(self, one: int) -> None:
        self.accepting ^= {one}
        agents.set_accepting(self.agents[one], one in self.accepting)
        self.route()

    @rule(one=st.sampled_from([0, 1, 2]), group=st.sampled_from([0, 1, 2]))
    def somebody_takes_who_waits_first(self, one: int, group: int) -> None:
        if self.lines[group] and one in MEMBERS[group]:
            chat = self.lines[group].pop(0)
            chats.join(chat.pk, self.agents[one])
            self.answered[chat.pk] = one
            self.load[one] += 1

    def route(self) -> None:
        """The model takes over who was chosen, having looked whether that was right."""
        routing.route(self.cast.organization.pk)
        given = Thread.objects.filter(
            chat__organization=self.cast.organization, active=True, agent__isnull=False
        ).exclude(chat__in=list(self.answered))
        for thread in given.order_by("assigned_at"):
            one = [agent.pk for agent in self.agents].index(thread.agent_id)
            group = thread.group.number
            assert self.lines[group].pop(0).pk == thread.chat_id, "who waits longest is next"
            assert one in MEMBERS[group] & self.accepting
            assert self.load[one] < LIMITS[one]
            free = [
                self.load[other]
                for other in MEMBERS[group] & self.accepting
                if self.load[other] < LIMITS[other]
            ]
            assert self.load[one] == min(free)
            self.load[one] += 1
            self.answered[thread.chat_id] = one

    @invariant()
    def nobody_waits_while_somebody_is_free(self) -> None:
        if not hasattr(self, "lines"):
            return
        for group, line in self.lines.items():
            free = [one for one in MEMBERS[group] & self.accepting if self.load[one] < LIMITS[one]]
            assert not (line and free)

    @invariant()
    def everybody_knows_the_place(self) -> None:
        if not hasattr(self, "lines"):
            return
        places = queue.places([self.cast.organization.pk])
        expected = {
            chat.customer.author_id: number
            for group, line in self.lines.items()
            if MEMBERS[group] & self.accepting
            for number, chat in enumerate(line, 1)
        }
        assert {customer: place.position for customer, place in places.items()} == expected

    @invariant()
    def the_status_is_that_of_the_model(self) -> None:
        if not hasattr(self, "lines"):
            return
        for group, status in groups.list_statuses(self.cast.organization.pk).items():
            there = MEMBERS[group] & self.accepting
            free = [one for one in there if self.load[one] < LIMITS[one]]
            assert status == ("online" if free else "online_for_queue" if there else "offline")


@pytest.mark.django_db
def test_it_does_what_the_model_does() -> None:
    run_state_machine_as_test(
        Routing,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.reuse, Phase.generate],  # making a failure smaller takes minutes
        ),
    )
