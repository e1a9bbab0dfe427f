"""Everything that runs during a trial: the services, the workers, the casts."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .checker.store import Store
from .services import Postgres, Redis
from .workers import ROOT, Kind, Worker

Cast = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """What a rig is made of. Without PostgreSQL there is one worker on SQLite and no Redis."""

    name: str
    kinds: tuple[Kind, ...] = ("daphne", "uvicorn", "daphne")
    postgres: bool = True
    layer: str = "pubsub"
    options: dict[Kind, list[str]] = field(default_factory=dict)


@dataclass
class Rig:
    shape: Shape
    folder: Path
    workers: list[Worker] = field(default_factory=list)
    postgres: Postgres | None = None
    redis: Redis | None = None
    casts: list[Cast] = field(default_factory=list)

    @property
    def database(self) -> str:
        return self.postgres.url if self.postgres else f"sqlite://{self.folder}/chaos.sqlite3"

    @property
    def store(self) -> Store:
        """As an administrator: faults that end or refuse sessions leave the checker's alone."""
        return Store(self.postgres.admin_url if self.postgres else self.database)

    def set_all(self, **switches: Any) -> None:
        for worker in self.workers:
            worker.control.set(**switches)

    async def reset(self) -> None:
        """Whole again: nothing armed, everybody up."""
        for worker in self.workers:
            worker.control.reset()
            worker.proxy.heal()
            if not worker.alive():
                await worker.start()

    async def restart_workers(self) -> None:
        for worker in self.workers:
            worker.signal(signal.SIGKILL)
            await worker.gone(10)
        await asyncio.gather(*(worker.start() for worker in self.workers))

    async def draw_casts(self, count: int, customers: int, watched: int = 5) -> None:
        """Add casts; one process makes them all."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.stage", *map(str, (count, customers, watched))),
            cwd=ROOT,
            env={**os.environ, **self.environment()},
            stdout=subprocess.PIPE,
        )
        output, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError("the stage could not be set")
        self.casts += json.loads(output.splitlines()[-1])

    def environment(self) -> dict[str, str]:
        redis = {"CHAOS_REDIS": self.redis.url} if self.redis else {}
        return {
            "CHAOS_DATABASE": self.database,
            "CHAOS_LAYER": self.shape.layer,
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            **redis,
        }

    async def raise_up(self) -> None:
        if self.shape.postgres:
            self.postgres = Postgres(self.folder)
            self.redis = Redis(self.folder)
            await asyncio.gather(self.postgres.create(), self.redis.start())
        await self.draw_casts(0, 0)  # migrates, before several workers look at the tables
        for number, kind in enumerate(self.shape.kinds):
            worker = Worker(number, kind, self.folder, self.environment())
            worker.options = self.shape.options.get(kind, [])
            self.workers.append(worker)
        await asyncio.gather(*(worker.start() for worker in self.workers))

    async def tear_down(self) -> None:
        await asyncio.gather(*(worker.stop() for worker in self.workers), return_exceptions=True)
        if self.redis:
            await self.redis.kill()
        if self.postgres:
            await self.postgres.stop("immediate")


@contextlib.asynccontextmanager
async def raise_rig(shape: Shape) -> AsyncIterator[Rig]:
    """A rig that leaves neither processes nor files behind, however it ends."""
    folder = Path(tempfile.mkdtemp(prefix="livechat-chaos-"))
    folder.chmod(0o755)  # PostgreSQL, as another user, must reach its data
    rig = Rig(shape, folder)
    try:
        await rig.raise_up()
        yield rig
    finally:
        await asyncio.shield(rig.tear_down())
        shutil.rmtree(folder, ignore_errors=True)
