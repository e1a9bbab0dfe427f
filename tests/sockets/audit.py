"""Whether chats were given out as promised, told from the tables alone.

``python -m tests.sockets.audit ORGANIZATION_PK``, with the settings in the environment, prints what
was not. It shares nothing with the code that gives them out.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

# A chat has begun when it is committed, somewhat after the time that it bears.
COMMIT = timedelta(seconds=2)

THREADS = """
    SELECT t.id, t.chat_id, t.group_id, t.agent_id, t.active, t.queued_at, t.assigned_at, t.ended_at
    FROM livechat_widget_thread t JOIN livechat_widget_chat c ON c.id = t.chat_id
    WHERE c.organization_id = %s ORDER BY t.queued_at, t.id
"""
AGENTS = """
    SELECT id, concurrent_limit, accepting FROM livechat_widget_agent WHERE organization_id = %s
"""
MEMBERS = """
    SELECT g.id, a.id FROM livechat_widget_group g
    JOIN livechat_widget_agent a ON a.organization_id = g.organization_id
    LEFT JOIN livechat_widget_agent_groups m ON m.agent_id = a.id AND m.group_id = g.id
    WHERE g.organization_id = %s AND (g.number = 0 OR m.id IS NOT NULL)
"""
PRESENT = """
    SELECT u.chat_id, count(*) FROM livechat_widget_chatuser u
    JOIN livechat_widget_chat c ON c.id = u.chat_id
    WHERE c.organization_id = %s AND u.agent_id IS NOT NULL AND u.present GROUP BY u.chat_id
"""
ADDED = """
    SELECT e.payload FROM livechat_widget_streamentry e
    JOIN livechat_widget_stream s ON s.id = e.stream_id
    WHERE s.organization_id = %s AND e.action = 'user_added_to_chat'
"""


def violations(organization_id: int, *, at_rest: bool) -> list[str]:
    """``at_rest``: nothing happens just now, so nobody may wait whom somebody could answer."""
    threads = [Row(*row) for row in read(THREADS, organization_id)]
    agents = {pk: (limit, bool(accepts)) for pk, limit, accepts in read(AGENTS, organization_id)}
    payloads = (payload for [payload] in read(ADDED, organization_id))
    threads_of_added = (
        (json.loads(one) if isinstance(one, str) else one)["thread_id"] for one in payloads
    )
    counts = [*read(PRESENT, organization_id), *Counter(threads_of_added).items()]
    found = [f"{one} had {count} agents" for one, count in counts if count > 1]
    found += over_the_limit(threads, agents)
    found += out_of_order(threads)
    if at_rest:
        found += left_waiting(threads, agents, set(read(MEMBERS, organization_id)))
    return found


class Row:
    def __init__(self, pk: str, chat: str, group: int, agent: int | None, *rest: Any) -> None:
        self.pk, self.chat, self.group, self.agent = pk, chat, group, agent
        self.active = bool(rest[0])
        self.queued_at, self.assigned_at, self.ended_at = map(as_time, rest[1:])


def as_time(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def over_the_limit(threads: list[Row], agents: dict[int, tuple[int, bool]]) -> Iterator[str]:
    changes: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for row in threads:
        if row.agent is not None:
            changes[row.agent].append((row.assigned_at, 1))
            if row.ended_at:
                changes[row.agent].append((row.ended_at, -1))
    for agent, its_changes in changes.items():
        load = most = 0
        for _moment, change in sorted(its_changes):
            load += change
            most = max(most, load)
        if most > agents[agent][0]:
            yield f"agent {agent} had {most} chats at a time"


def out_of_order(threads: list[Row]) -> Iterator[str]:
    """Somebody who was there already when another one came was answered after that one."""
    for group in {row.group for row in threads}:
        line = [row for row in threads if row.group == group and row.queued_at]
        for place, late in enumerate(line):
            for early in line[:place]:
                was_there = late.assigned_at and early.queued_at + COMMIT < late.assigned_at
                gone = early.assigned_at or early.ended_at
                if was_there and (gone is None or gone > late.assigned_at):
                    yield f"{late.pk} was answered before {early.pk}, who was there first"


def left_waiting(
    threads: list[Row], agents: dict[int, tuple[int, bool]], members: set[tuple[int, int]]
) -> Iterator[str]:
    loads: dict[int, int] = defaultdict(int)
    for row in threads:
        if row.active and row.agent is not None:
            loads[row.agent] += 1
    free = {pk for pk, (limit, accepts) in agents.items() if accepts and loads[pk] < limit}
    for row in threads:
        able = [pk for pk in free if (row.group, pk) in members]
        if row.active and row.agent is None and able:
            yield f"{row.pk} waits, though agent {able[0]} is free"


def read(query: str, organization_id: int) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, [organization_id])
        return list(cursor.fetchall())


if __name__ == "__main__":
    import django

    django.setup()
    wrong = violations(int(sys.argv[1]), at_rest="--at-rest" in sys.argv)
    print("\n".join(wrong))
    sys.exit(bool(wrong))
