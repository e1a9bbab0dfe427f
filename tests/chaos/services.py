"""A PostgreSQL and a Redis of the rig's own, to be killed, stopped and started again."""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis

ROLE = "livechat"
POSTGRES_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "log_lock_waits": "on",
    "deadlock_timeout": "200ms",
    "autovacuum_naptime": "10s",
}


def find_program(name: str) -> str | None:
    """On the path, or where Debian keeps what belongs to one version of PostgreSQL."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or next((str(path) for path in reversed(debian)), None)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


async def until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Poll a condition of another process; nothing but the condition ends the wait early."""
    deadline = time.monotonic() + seconds
    while not await asyncio.to_thread(holds):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        await asyncio.sleep(0.05)


class Postgres:
    """PostgreSQL refuses to run as root, so root runs it as ``postgres``."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "postgres"
        self.log = folder / "postgres.log"
        self.port = free_port()
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self._as_user = ["runuser", "-u", self.user, "--"] if os.geteuid() == 0 else []

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/chaos"

    @property
    def admin_url(self) -> str:
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/chaos"

    async def create(self) -> None:
        self.data.mkdir()
        self.log.touch()
        if self._as_user:
            for path in (self.data, self.log):
                shutil.chown(path, self.user)
        await self._run("initdb", "-D", str(self.data), "-A", "trust", "--no-sync", "-E", "UTF8")
        await self.start()
        with psycopg.connect(
            self.admin_url.replace("/chaos", "/postgres"), autocommit=True
        ) as connection:
            connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            connection.execute(f"CREATE DATABASE chaos OWNER {ROLE}")

    async def start(self) -> None:
        options = " ".join(f"-c {name}={value}" for name, value in POSTGRES_OPTIONS.items())
        # The server must not inherit the pipe that its starter is waited on by.
        await self._control("start", "-w", "-l", str(self.log), "-o", f"-p {self.port} {options}")

    async def stop(self, mode: str) -> None:
        """``fast``, or ``immediate``: no clean end, recovery at the next start."""
        if (self.data / "postmaster.pid").exists():
            await self._control("stop", "-m", mode, "-w")

    async def query(self, statement: str) -> list[tuple[object, ...]]:
        def ask() -> list[tuple[object, ...]]:
            with psycopg.connect(self.admin_url, autocommit=True) as connection:
                cursor = connection.execute(statement)
                return cursor.fetchall() if cursor.description else []

        return await asyncio.to_thread(ask)

    async def _control(self, *arguments: str) -> None:
        await self._run("pg_ctl", "-D", str(self.data), *arguments)

    async def _run(self, program: str, *arguments: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._as_user,
            find_program(program) or program,
            *arguments,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if await process.wait():
            raise RuntimeError(f"{program} {arguments[-1]} failed: {self.log.read_text()[-2000:]}")


class Redis:
    """Without persistence: a killed one comes back empty."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.client = redis.Redis(port=self.port, socket_timeout=2)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        with (self._folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["redis-server", "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        await until(self._answers, 10, "Redis answers")

    def signal(self, number: signal.Signals) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)

    async def kill(self) -> None:
        self.signal(signal.SIGKILL)
        if self._process:
            await asyncio.to_thread(self._process.wait)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False


def missing() -> list[str]:
    """The programs that the rig needs and this machine has not; empty when all is well."""
    return [name for name in ("initdb", "pg_ctl", "redis-server") if not find_program(name)]
