"""The demo again, for the profile only: it counts statements and collections of garbage.

A request to ``/bench/counts`` gives what was counted since the last one.
"""

import gc
import json
import sys
from collections import Counter
from time import perf_counter
from typing import Any

from django.db.backends.signals import connection_created

from demo_site.asgi import application as site

PATH = "/bench/counts"
LONGEST = 70


class Counts:
    def __init__(self) -> None:
        self.statements: Counter[str] = Counter()
        self.collections: Counter[int] = Counter()
        self.collecting = 0.0
        self.blocks = sys.getallocatedblocks()

    def as_json(self) -> bytes:
        counts = {
            "statements": dict(self.statements),
            "collections": [self.collections[generation] for generation in range(3)],
            "collecting": self.collecting,
            "kept": sys.getallocatedblocks() - self.blocks,
        }
        return json.dumps(counts).encode()


counts = Counts()
_since = 0.0


def count_statement(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    counts.statements[" ".join(str(sql).split())[:LONGEST]] += len(params) if many else 1
    return execute(sql, params, many, context)


def watch(connection: Any, **_: Any) -> None:
    if count_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(count_statement)


def count_collection(phase: str, info: dict[str, int]) -> None:
    global _since
    if phase == "start":
        _since = perf_counter()
    else:
        counts.collections[info["generation"]] += 1
        counts.collecting += perf_counter() - _since


async def application(scope: Any, receive: Any, send: Any) -> None:
    global counts
    if scope["type"] != "http" or scope["path"] != PATH:
        await site(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": counts.as_json()})
    counts = Counts()


connection_created.connect(watch)
gc.callbacks.append(count_collection)
