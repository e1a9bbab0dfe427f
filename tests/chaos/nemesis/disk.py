"""A full disk: the log's tables are on a small file system for a while, and that is filled."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from ..scene import Scene
from ..services import Postgres
from .database import postgres_of

BALLAST = "ballast"
TABLES = ("livechat_widget_event", "livechat_widget_streamentry")
_NO_ROOM = "No space left on device"


def cannot_mount() -> str:
    """Why this machine cannot have the fault; empty where it can."""
    if os.geteuid():
        return "a file system of fixed size needs root"
    with tempfile.TemporaryDirectory() as folder:
        if problem := _mount(Path(folder)):
            return f"no file system of fixed size can be mounted here: {problem}"
        _unmount(Path(folder))
    return ""


async def fill_up(scene: Scene) -> None:
    """Nothing can be written; what is there can be read, and is replayed to who comes back."""
    postgres, listener = postgres_of(scene), scene.listeners[0]
    async with _on_a_small_disk(scene, postgres) as disk, scene.outage("disk"):
        before = _refusals(postgres)
        _fill(disk)
        async with asyncio.timeout(10):
            while _refusals(postgres) < before + 5:
                await asyncio.sleep(0.1)
        scene.effects["writes without room"] += _refusals(postgres) - before
        listener.drop()
        async with asyncio.timeout(10):
            await asyncio.sleep(0.1)  # until it has noticed
            await listener.online.wait()
        chat = {"chat_id": scene.customers[0].tab.chat}
        if not (await listener.ask("list_threads", chat))["success"]:
            raise AssertionError("nothing can be read while nothing can be written")
        (disk / BALLAST).unlink()
    await asyncio.sleep(1)


@contextlib.asynccontextmanager
async def _on_a_small_disk(scene: Scene, postgres: Postgres) -> AsyncIterator[Path]:
    disk = scene.rig.folder / "small"
    disk.mkdir()
    if problem := _mount(disk):
        raise OSError(problem)
    try:
        place = disk / "tables"
        place.mkdir()
        shutil.chown(place, postgres.user)
        await postgres.query(f"CREATE TABLESPACE small LOCATION '{place}'")
        await _move(postgres, "small")
        yield disk
    finally:
        (disk / BALLAST).unlink(missing_ok=True)
        await _move(postgres, "pg_default")
        await postgres.query("DROP TABLESPACE small")
        _unmount(disk)
        disk.rmdir()


async def _move(postgres: Postgres, tablespace: str) -> None:
    for table in TABLES:
        await postgres.query(f"ALTER TABLE {table} SET TABLESPACE {tablespace}")


def _fill(disk: Path) -> None:
    with (disk / BALLAST).open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass


def _refusals(postgres: Postgres) -> int:
    return postgres.log.read_text(errors="replace").count(_NO_ROOM)


def _mount(folder: Path) -> str:
    """What speaks against it; empty when it is done."""
    if not shutil.which("mount"):
        return "there is no mount"
    command = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=755", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, text=True).stderr.strip()


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
