"""What becomes of chats in which nothing happens: timed jobs, each of which may run again.

Every one looks once more under the lock, so what has happened meanwhile counts, and what was done
is not done twice.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from django.db.models import F
from django.utils.timezone import now

from ..conf import settings
from ..delivery import log
from ..delivery.database import atomic
from ..models import Agent, ChatUser, Customer
from . import chats, groups, lapsed, properties, routing
from .decision import Decision, decide
from .lapsed import Threads
from .notes import name_of, note

_BATCH = 100


def hand_over_of_absent() -> None:
    """Whose console is closed has given up the chats that were given out by the site."""
    if lapsed.is_settled():
        for thread in _batch(lapsed.of_absent()):
            hand_over(thread, lapsed.of_absent, "disconnected")


def hand_over_unanswered() -> None:
    """Who does not answer loses the chat to somebody who has room, if there is one."""
    busy: set[int] = set()
    for thread in _batch(lapsed.unanswered()):
        if thread.group_id not in busy and not hand_over(thread, lapsed.unanswered, "inactive"):
            busy.add(thread.group_id)


def mark_idle() -> None:
    for thread in _batch(lapsed.idle().filter(lapsed.not_set("idle"))):
        _mark(thread, lapsed.idle, idle=True)
    for thread in _batch(lapsed.busy_again()):
        _mark(thread, lapsed.busy_again, idle=False)


def end_idle() -> None:
    minutes = settings.CLOSE_IDLE_MINUTES
    for thread in _batch(lapsed.silent(minutes)):
        _end(
            thread,
            lambda: lapsed.silent(minutes),
            "routing.archived_inactive",
            lambda _: {"duration": str(minutes)},
        )


def end_without_customer() -> None:
    """Also of those who waited. A continuous chat waits for its customer."""
    if lapsed.is_settled():
        for thread in _batch(lapsed.without_customer()):
            _end(thread, lapsed.without_customer, "archived_customer_disconnected", _customer)


def end_without_agents() -> None:
    """Nobody is there any more for who waits; a continuous chat is answered later."""
    if lapsed.is_settled():
        for thread in _batch(lapsed.without_agents()):
            _end(thread, lapsed.without_agents, "routing.archived_offline", lambda _: {})


JOBS = (
    hand_over_of_absent,
    hand_over_unanswered,
    mark_idle,
    end_idle,
    end_without_customer,
    end_without_agents,
)


def _batch(threads: Threads) -> Iterator[Any]:
    yield from threads.select_related("group").order_by("pk")[:_BATCH]


@atomic
def hand_over(thread: Any, still: Callable[[], Threads], why: str) -> bool:
    """To another agent; else, where the agent is gone, back to the queue if there is one.

    False where nobody else of the group has room.
    """
    organization = thread.group.organization_id
    routing.lock(organization)
    stream = routing.lock_streams([thread.chat_id])[0]
    again = _look_again(thread, still)
    if again is None:
        return True
    desks = routing.read_desks(organization, [again.group])
    others = [one for one in desks.candidates(again.group) if one.id != again.agent.public_id]
    decision = decide(routing.request_of(again), others)
    before = again.agent.name
    if decision.agent:
        agent = desks.take(decision.agent)
        entries = _give(again, agent, decision)
        minutes = {"duration": str(settings.UNANSWERED_MINUTES)} if why == "inactive" else {}
        variables = {"agent_added": agent.name, "agent_removed": before, **minutes}
        log.append(stream, *entries, note(stream, again, f"routing.assigned_{why}", **variables))
    elif why != "inactive" and groups.queue_limit(again.group):
        entries = _give(again, None, decision)
        words = note(stream, again, f"routing.unassigned_{why}", agent=before)
        log.append(stream, *entries, words)
    elif why != "inactive":
        words = note(stream, again, f"routing.archived_{why}", agent=before)
        chats.end(stream, again, words)
    return bool(decision.agent)


def _give(thread: Any, agent: Agent | None, decision: Decision) -> list[log.NewEntry]:
    """Put the thread into these hands, or nobody's; the entries of who went and who came."""
    gone = thread.agent
    thread.agent, thread.assigned_at = agent, now() if agent else None
    thread.decision = msgspec.to_builtins(decision) if agent else None
    thread.queued_at = thread.queued_at or thread.created_at
    thread.save(update_fields=["agent", "assigned_at", "decision", "queued_at"])
    ChatUser.objects.filter(chat=thread.chat_id, agent=gone).update(present=False)
    entries = [routing.moved("user_removed_from_chat", thread, gone)]
    if agent is not None:
        routing.enter(thread.chat_id, agent)
        entries.append(routing.moved("user_added_to_chat", thread, agent))
    return entries


@atomic
def _mark(thread: Any, still: Callable[[], Threads], *, idle: bool) -> None:
    stream = _lock(thread)
    again = _look_again(thread, still)
    if again is None or bool(properties.read(again, "routing", "idle")) == idle:
        return
    properties.set_ours(again, "routing", idle=idle)
    again.save(update_fields=["properties"])
    payload = {
        "chat_id": again.chat_id,
        "thread_id": again.pk,
        "properties": {"routing": {"idle": idle}},
    }
    entries = [log.NewEntry("thread_properties_updated", payload, public=False)]
    if idle:
        minutes = str(settings.IDLE_MINUTES)
        entries.append(note(stream, again, "routing.idle", duration=minutes))
    log.append(stream, *entries)


@atomic
def _end(
    thread: Any,
    still: Callable[[], Threads],
    note_type: str,
    variables: Callable[[Customer], dict[str, str]],
) -> None:
    stream = _lock(thread)
    again = _look_again(thread, still)
    if again is not None:
        words = note(stream, again, note_type, **variables(again.chat.customer))
        chats.end(stream, again, words)


def _lock(thread: Any) -> Any:
    return routing.lock_streams([thread.chat_id])[0]


def _look_again(thread: Any, still: Callable[[], Threads]) -> Any:
    related = ("group", "agent", "chat__customer")
    found = still().filter(pk=thread.pk).select_related(*related)
    return found.annotate(last_agent=F("agent__public_id")).first()


def _customer(customer: Customer) -> dict[str, str]:
    return {"customer": name_of(customer)}
