"""A deployment as docs/deploy.md describes it: nginx, workers, PostgreSQL and Redis of its own."""

import asyncio
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tests.bench.meter import memory
from tests.chaos.checker.store import Store
from tests.chaos.services import Postgres, Redis, until
from tests.chaos.wire import Reply, ask_http

from . import recipe

TOKEN = "the fleet's own token"
STATEMENTS = "pg_stat_statements"
HEALTH = "/livechat/healthz"


def take_port() -> int:
    """Below those that the kernel gives to outgoing connections, since it is bound only later."""
    while True:
        port = random.randint(12_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Process:
    """A process that is started again on the same port, and whose log is kept."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str]) -> None:
        self.log = log
        self._command, self._environment = command, {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=recipe.ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def memory(self) -> int:
        """Resident bytes, with its children's."""
        return memory(self.pid)

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def end(self, how: signal.Signals, seconds: float) -> None:
        """Raises ``TimeoutError`` where it does not end by then."""
        if self.alive() and self._process:
            self._process.send_signal(how)
            await until(lambda: not self.alive(), seconds, f"{self._command[2]} ends")

    async def clear_away(self) -> None:
        with contextlib.suppress(TimeoutError):
            await self.end(signal.SIGTERM, 8)
        await self.end(signal.SIGKILL, 5)


class Worker(Process):
    """One unit of the docs."""

    def __init__(self, number: int, folder: Path, environment: dict[str, str]) -> None:
        self.number, self.port = number, take_port()
        super().__init__(recipe.command(self.port), folder / f"worker-{number}.log", environment)

    async def ready(self) -> None:
        """What a rolling restart waits for."""
        async with asyncio.timeout(60):
            while not await self.is_well():
                if not self.alive():
                    raise RuntimeError(self.log.read_text()[-3000:])
                await asyncio.sleep(0.1)

    async def is_well(self) -> bool:
        try:
            return (await ask_http(self.port, "GET", HEALTH, timeout=5)).status == 200
        except OSError:
            return False

    async def restart(self) -> None:
        await self.end(signal.SIGTERM, float(recipe.setting("TimeoutStopSec")))
        self.start()
        await self.ready()

    async def metrics(self) -> dict[str, float]:
        """By name; what has labels is added up."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        reply: Reply = await ask_http(self.port, "GET", "/livechat/metrics", headers=headers)
        values: dict[str, float] = {}
        for family in text_string_to_metric_families(reply.body.decode()):
            for sample in family.samples:
                values[sample.name] = values.get(sample.name, 0) + sample.value
        return values


class Fleet:
    """``workers`` are homes of the chaos rig's parties: all of them are reached through nginx."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size = folder, size
        self.postgres, self.redis = Postgres(folder), Redis(folder)
        self.port = take_port()
        self.units: list[Worker] = []
        self.nginx: Process | None = None

    @property
    def store(self) -> Store:
        return Store(self.postgres.url)

    @property
    def workers(self) -> list[Any]:
        return [SimpleNamespace(number=0, proxy=SimpleNamespace(port=self.port))]

    def environment(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "tests.scale.settings",
            "SCALE_DATABASE": self.postgres.url,
            "SCALE_REDIS": self.redis.url,
            "LIVECHAT_METRICS_TOKEN": TOKEN,
        }

    async def draw_casts(self, count: int, customers: int) -> list[dict[str, Any]]:
        process = await asyncio.create_subprocess_exec(
            # All customers are watched by an agent.
            *(sys.executable, "-m", "tests.chaos.stage", *map(str, (count, customers, customers))),
            cwd=recipe.ROOT,
            env={**os.environ, **self.environment()},
            stdout=subprocess.PIPE,
        )
        output, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError("the stage could not be set")
        casts: list[dict[str, Any]] = json.loads(output.splitlines()[-1])
        return casts

    async def raise_up(self) -> None:
        await asyncio.gather(self.postgres.create(), self.redis.start())
        await self._count_statements()
        await self.draw_casts(0, 0)  # migrates
        self.units = [Worker(n, self.folder, self.environment()) for n in range(self.size)]
        for unit in self.units:
            unit.start()
        await asyncio.gather(*(unit.ready() for unit in self.units))
        await self._start_nginx()

    async def _count_statements(self) -> None:
        await self.postgres.query(f"ALTER SYSTEM SET shared_preload_libraries = '{STATEMENTS}'")
        await self.postgres.stop("fast")
        await self.postgres.start()
        await self.postgres.query(f"CREATE EXTENSION {STATEMENTS}")

    async def _start_nginx(self) -> None:
        conf = self.folder / "nginx.conf"
        ports = [unit.port for unit in self.units]
        conf.write_text(recipe.nginx_conf(self.folder, self.port, ports))
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
        log = self.folder / "nginx.log"
        command = [program, "-p", str(self.folder), "-c", str(conf), "-e", str(log)]
        self.nginx = Process(command, log, {})
        self.nginx.start()
        async with asyncio.timeout(10):
            while True:
                with contextlib.suppress(OSError):
                    await ask_http(self.port, "GET", HEALTH, timeout=5)
                    return
                if not self.nginx.alive():
                    raise RuntimeError(log.read_text()[-3000:])
                await asyncio.sleep(0.05)

    async def tear_down(self) -> None:
        processes = [*self.units, *([self.nginx] if self.nginx else [])]
        await asyncio.gather(*(one.clear_away() for one in processes), return_exceptions=True)
        await self.redis.kill()
        await self.postgres.stop("immediate")

    async def statements(self) -> Counter[str]:
        """How often PostgreSQL carried out each statement that reads or writes rows."""
        rows = await self.postgres.query(
            f"SELECT queryid::text, calls FROM {STATEMENTS}"
            " WHERE query ~* '^(select|insert|update|delete|with)' AND query !~ 'set_config|pg_'"
        )
        return Counter({str(query): int(str(calls)) for query, calls in rows})


@contextlib.asynccontextmanager
async def raise_fleet(size: int) -> AsyncIterator[Fleet]:
    """A fleet that leaves neither processes nor files behind, however it ends."""
    folder = Path(tempfile.mkdtemp(prefix="livechat-scale-"))
    folder.chmod(0o755)  # PostgreSQL and nginx, as other users, must reach theirs
    fleet = Fleet(folder, size)
    try:
        await fleet.raise_up()
        yield fleet
    finally:
        await asyncio.shield(fleet.tear_down())
        shutil.rmtree(folder, ignore_errors=True)


def missing() -> list[str]:
    """The programs that a fleet needs and this machine has not; empty when all is well."""
    path = f"{os.environ['PATH']}:/usr/sbin"
    names = ("initdb", "pg_ctl", "redis-server", "nginx")
    return [name for name in names if not shutil.which(name, path=path)]
