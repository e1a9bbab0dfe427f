"""The queue: places, and how long it takes."""

import heapq
import random
from datetime import timedelta
from statistics import fmean, median

import pytest
from django.utils.timezone import now

from livechat_widget.domain import chats, history, queue, routing
from livechat_widget.domain.chats import Opening
from livechat_widget.models import Agent, Chat, Group, Presence, Stream, Thread
from tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    cast = Cast("least_loaded")
    Agent.objects.filter(pk=cast.ann.pk).update(concurrent_limit=1)
    return cast


def fill(cast: Cast, waiting: int) -> list[Chat]:
    """One chat that Ann answers, and so many that wait; those."""
    started = [cast.chat() for _ in range(waiting + 1)]
    routing.route(cast.organization.pk)
    return started[1:]


def places(cast: Cast) -> dict[str, tuple[int, int]]:
    found = queue.places([cast.organization.pk])
    return {one.chat_id: (one.position, one.wait_time) for one in found.values()}


def test_it_works(cast: Cast) -> None:
    first, second = fill(cast, 2)
    assert places(cast) == {first.pk: (1, 300), second.pk: (2, 600)}
    stranger = Cast("least_loaded")
    assert places(stranger) == {}


def test_each_group_has_its_own(cast: Cast) -> None:
    orders = cast.group(1)
    bob = cast.agent("Bob")
    bob.groups.add(orders)
    Agent.objects.filter(pk=bob.pk).update(concurrent_limit=2)
    for _ in range(3):
        cast.chat()
    routing.route(cast.organization.pk)
    in_orders = chats.start(cast.customer(), Opening(group_number=1)).chat
    in_general = cast.chat()
    assert routing.route(cast.organization.pk) == 0
    assert places(cast) == {in_orders.pk: (1, 150), in_general.pk: (1, 100)}


def test_it_goes_by_what_chats_took(cast: Cast) -> None:
    first, second = fill(cast, 2)
    moment = now()
    for minutes in (2, 4):
        ended = chats.start(cast.customer(), Opening(active=False)).thread
        Thread.objects.filter(pk=ended.pk).update(
            agent=cast.ann, assigned_at=moment - timedelta(minutes=minutes), ended_at=moment
        )
    assert places(cast) == {first.pk: (1, 180), second.pk: (2, 360)}


def test_the_first_promise_is_kept_beside_what_became_of_it(cast: Cast) -> None:
    first, second = fill(cast, 2)
    places(cast)
    chats.deactivate(Thread.objects.get(agent=cast.ann).chat_id, cast.ann)
    routing.route(cast.organization.pk)
    places(cast)
    thread = Thread.objects.get(chat=first)
    assert (thread.agent, thread.estimated_wait) == (cast.ann, 300)
    assert thread.queued_at < thread.assigned_at
    assert Thread.objects.get(chat=second).estimated_wait == 600


def test_who_leaves_makes_room(cast: Cast) -> None:
    first, second = fill(cast, 2)
    chats.deactivate(first.pk, first.customer)
    assert places(cast) == {second.pk: (1, 300)}


def test_a_thread_tells_its_place_in_both_ways(cast: Cast) -> None:
    _first, second = fill(cast, 2)
    thread = history.get_chat(second.pk, second.customer).thread
    assert (thread.queue.position, thread.queue.wait_time) == (2, 600)
    assert thread.queue.queued_at == thread.created_at
    assert thread.properties["lc2"] == {"queue_pos": 2, "queue_waiting_time": 600}
    [listed] = history.list_threads(second.pk, second.customer, history.Page())["threads"]
    assert listed.queue == thread.queue
    chats.join(second.pk, cast.ann)
    thread = history.get_chat(second.pk, second.customer).thread
    assert not thread.queue
    assert "lc2" not in thread.properties


@pytest.mark.parametrize("reason", ["manual", "nobody", "closed"])
def test_without_a_queue_there_are_no_places(cast: Cast, reason: str) -> None:
    [waiting] = fill(cast, 1)
    if reason == "manual":
        Group.objects.update(strategy="manual")
    elif reason == "closed":
        Group.objects.update(hours={"exceptions": {}})
    else:
        Presence.objects.all().delete()
    assert places(cast) == {}
    assert not history.get_chat(waiting.pk, waiting.customer).thread.queue


def test_nothing_is_written_to_streams(cast: Cast) -> None:
    [waiting] = fill(cast, 1)
    before = Stream.objects.get(customer=waiting.customer).seq
    places(cast)
    assert Stream.objects.get(customer=waiting.customer).seq == before


@pytest.mark.parametrize("seed", range(5))
def test_on_a_day_it_errs_less_than_the_mean_of_the_day(seed: int) -> None:
    """Even where that mean was known in the morning."""
    estimated, real = simulate(random.Random(seed))
    assert len(real) > 100
    mean = fmean(real)
    ours = median(abs(said - took) for said, took in zip(estimated, real, strict=True))
    constant = median(abs(mean - took) for took in real)
    print(f"median error {ours:.0f} s, of the constant mean {constant:.0f} s, {len(real)} waited")
    assert ours < constant


SLOTS_BY_HOUR = [4, 4, 8, 12, 12, 6, 6, 12, 8, 4]
CHATS_BY_HOUR = [30, 45, 75, 100, 85, 70, 50, 75, 60, 25]


class Day:
    """Ten hours of a group whose agents come and go."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.ends: list[tuple[float, float]] = []  # when, and how long it took
        self.took: list[float] = []
        self.line: list[tuple[float, int]] = []
        self.estimated: list[int] = []
        self.waited: list[float] = []

    def slots(self, moment: float) -> int:
        return SLOTS_BY_HOUR[min(int(moment // 3600), 9)]

    def arrive(self, moment: float) -> None:
        self.go_on(moment)
        if len(self.ends) < self.slots(moment):
            return self.serve(moment)
        pace = queue.pace_of(self.took[-queue.MEASURED :], self.slots(moment))
        self.line.append((moment, queue.estimate(len(self.line) + 1, pace)))
        return None

    def go_on(self, moment: float) -> None:
        while self.ends and self.ends[0][0] <= moment:
            end, service = heapq.heappop(self.ends)
            self.took.append(service)
            self.let_in(end)
        self.let_in(moment)

    def let_in(self, moment: float) -> None:
        while self.line and len(self.ends) < self.slots(moment):
            queued_at, said = self.line.pop(0)
            self.estimated.append(said)
            self.waited.append(moment - queued_at)
            self.serve(moment)

    def serve(self, moment: float) -> None:
        service = self.chance.lognormvariate(5.8, 0.6)
        heapq.heappush(self.ends, (moment + service, service))


def simulate(chance: random.Random) -> tuple[list[int], list[float]]:
    """What each who waited was told, and how long it took."""
    day = Day(chance)
    for moment in sorted(
        hour * 3600 + chance.random() * 3600
        for hour, count in enumerate(CHATS_BY_HOUR)
        for _ in range(count)
    ):
        day.arrive(moment)
    return day.estimated, day.waited
