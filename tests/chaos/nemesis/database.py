"""PostgreSQL: restarted, emptied of sessions, locked, deadlocked."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import psycopg

from ..scene import Scene
from ..services import ROLE, Postgres

FEWEST_TURNS, MOST_TURNS = 12, 60
Inject = Callable[[Scene], Awaitable[None]]
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = 'chaos'"
_OTHERS = f"FROM pg_stat_activity WHERE usename = '{ROLE}'"


async def restart(scene: Scene) -> None:
    postgres = postgres_of(scene)
    await asyncio.sleep(0.3)
    async with scene.outage("postgres"):
        await postgres.stop("immediate")
        scene.effects["postgres restarted"] += 1
        await asyncio.sleep(0.5)
        await postgres.start()
    await asyncio.sleep(1)


async def terminate_sessions(scene: Scene) -> None:
    async with scene.outage("sessions"):
        for _ in range(4):
            ended = await postgres_of(scene).query(f"SELECT pg_terminate_backend(pid) {_OTHERS}")
            scene.effects["sessions terminated"] += len(ended)
            await asyncio.sleep(0.6)


def hold_row(seconds: float) -> Inject:
    """The other chats are not to notice."""

    async def inject(scene: Scene) -> None:
        customer = scene.customers[0].tab.customer["id"]
        await _hold(
            scene,
            f"SELECT 1 FROM livechat_widget_stream WHERE customer_id = '{customer}' FOR UPDATE",
            seconds,
        )

    return inject


def hold_table(table: str, seconds: float) -> Inject:
    async def inject(scene: Scene) -> None:
        await _hold(scene, f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", seconds)

    return inject


async def _hold(scene: Scene, statement: str, seconds: float) -> None:
    async with scene.outage("lock"), _session(postgres_of(scene)) as session:
        await session.execute(statement)
        await asyncio.sleep(seconds)
        waiting = await postgres_of(scene).query(_WAITING)
        scene.effects["sessions waited"] += int(str(waiting[0][0]))
        await session.rollback()


async def deadlock(scene: Scene) -> None:
    """Take the two rows of a send in the wrong order; the product's session is the one to die."""
    postgres = postgres_of(scene)
    before = await postgres.query(_DEADLOCKS)
    async with scene.outage("deadlocks"), _session(postgres) as session:
        await session.execute("SET deadlock_timeout = '30s'")
        await session.commit()
        for turn in range(MOST_TURNS):
            customer = scene.customers[turn % len(scene.customers)].tab
            await _cross(session, customer.customer["id"], customer.chat)
            after = await postgres.query(_DEADLOCKS)  # told a moment later
            if turn > FEWEST_TURNS and after != before:
                break
    scene.effects["deadlocks"] += int(str(after[0][0])) - int(str(before[0][0]))


async def _cross(
    session: psycopg.AsyncConnection[tuple[object, ...]], stream: str, chat: str
) -> None:
    await session.execute(
        "SELECT 1 FROM livechat_widget_chatuser WHERE chat_id = %s FOR UPDATE", [chat]
    )
    await asyncio.sleep(0.25)  # until a send has locked its stream and waits for its author's row
    await session.execute(
        "SELECT 1 FROM livechat_widget_stream WHERE customer_id = %s FOR UPDATE", [stream]
    )
    await session.rollback()


async def refuse_connections(scene: Scene) -> None:
    postgres = postgres_of(scene)
    async with scene.outage("connections"):
        await postgres.query(f"ALTER ROLE {ROLE} CONNECTION LIMIT 3")
        await postgres.query(f"SELECT pg_terminate_backend(pid) {_OTHERS}")
        await asyncio.sleep(2.5)
        await postgres.query(f"ALTER ROLE {ROLE} CONNECTION LIMIT -1")
    scene.effects["connections refused"] += postgres.log.read_text(errors="replace").count(
        "too many connections"
    )
    await asyncio.sleep(1)


@contextlib.asynccontextmanager
async def _session(
    postgres: Postgres,
) -> AsyncIterator[psycopg.AsyncConnection[tuple[object, ...]]]:
    session = await psycopg.AsyncConnection.connect(postgres.admin_url)
    try:
        yield session
    finally:
        await session.close()


def postgres_of(scene: Scene) -> Postgres:
    assert scene.rig.postgres is not None, "this rig has no PostgreSQL"
    return scene.rig.postgres
