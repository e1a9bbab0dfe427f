"""Who is measured: a server, its database, how to talk to it, and who may connect."""

import getpass
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.services import REDIS_URL

from .servers import ROOT, Environment, Server, node, uvicorn
from .stores import Store

ROOMS = 50
# Migrations, seeds and npm: none takes a tenth of it.
COMMAND_SECONDS = 240
# Everybody may have their statements prepared.
PREPARED = {"prepare_threshold": 5}
POOL = {"pool": {"min_size": 2, "max_size": 16, "reconnect_timeout": 5}, **PREPARED}
MEMORY_LAYER = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
REDIS_LAYER = {
    "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
    "CONFIG": {"hosts": [REDIS_URL], "prefix": f"livechat-bench-{os.getpid()}"},
}
OURS = "demo_site.asgi:application"
STOCK = "tests.bench.stock.asgi:application"
PACKAGES = ["socket.io@4", "pg@8"]
Rooms = list[list[dict[str, Any]]]


@dataclass
class Contestant:
    """``sets`` are rooms that nobody has talked in yet: a run takes the next set."""

    name: str
    dialect: str
    server: Server
    sets: Iterator[Rooms]
    store: Store | None = None
    table: str = ""

    @property
    def database(self) -> str | None:
        return self.store.name if self.store and self.store.is_postgres else None


def environment(settings: str, store: Store, layer: dict[str, Any] | None) -> Environment:
    layers = {"default": layer} if layer else {}
    return {
        "DJANGO_SETTINGS_MODULE": settings,
        "BENCH_DATABASE": json.dumps(store.settings),
        "BENCH_LAYERS": json.dumps(layers),
        "DEMO_SECRET_KEY": "a key as long as a production site would have, and not the demo's",
    }


def ours_environment(store: Store) -> Environment:
    return environment("tests.bench.settings", store, REDIS_LAYER)


def stock_environment(store: Store, layer: dict[str, Any] | None = None) -> Environment:
    return environment("tests.bench.stock.settings", store, layer)


def migrate(store: Store, *, ours: bool) -> None:
    chosen = ours_environment(store) if ours else stock_environment(store)
    _django(["migrate", "--run-syncdb", "--verbosity", "0"], chosen)
    if ours:
        _django(["seed_demo"], chosen)


def seed(store: Store, *, sets: int = 0, crowd: int = 0, fan: int = 0) -> dict[str, Any]:
    """Make people and chats in a database of ours; gives who may connect."""
    command = [sys.executable, "-m", "tests.bench.seed", str(sets), str(crowd), str(fan)]
    chosen = os.environ | ours_environment(store)
    done = subprocess.run(
        command, cwd=ROOT, env=chosen, check=True, stdout=subprocess.PIPE, timeout=COMMAND_SECONDS
    )
    store.settle()
    return json.loads(done.stdout)


@contextmanager
def ours(store: Store, sets: list[Rooms], name: str) -> Iterator[Contestant]:
    with uvicorn(OURS, ours_environment(store)) as server:
        table = "livechat_widget_event"
        yield Contestant(name, "livechat", server, iter(sets), store, table)


@contextmanager
def control(store: Store, name: str) -> Iterator[Contestant]:
    with uvicorn(STOCK, stock_environment(store, MEMORY_LAYER)) as server:
        yield Contestant(name, "control", server, _pairs("/room"), store, "stock_message")


@contextmanager
def echo(store: Store) -> Iterator[Contestant]:
    """As many connections as the others have; each is a room by itself."""
    with uvicorn(STOCK, stock_environment(store)) as server:
        rooms = [[{"path": "/echo"}] for _ in range(2 * ROOMS)]
        yield Contestant("echo", "plain", server, _forever(rooms))


@contextmanager
def relay(store: Store, members: int) -> Iterator[Contestant]:
    """One group on the stock RedisPubSubChannelLayer."""
    with uvicorn(STOCK, stock_environment(store, REDIS_LAYER)) as server:
        rooms = [[{"path": "/relay"} for _ in range(members)]]
        yield Contestant("relay", "plain", server, _forever(rooms))


@contextmanager
def socket_io(store: Store) -> Iterator[Contestant]:
    with tempfile.TemporaryDirectory(prefix="livechat-bench-npm-") as folder:
        install = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", folder]
        quiet = subprocess.DEVNULL
        subprocess.run([*install, *PACKAGES], check=True, stdout=quiet, timeout=COMMAND_SECONDS)
        chosen = {
            "BENCH_MODULES": folder,
            "BENCH_POSTGRES": store.url,
            "NODE_ENV": "production",
            "PGUSER": getpass.getuser(),  # libpq's default, which pg does not have
        }
        with node(Path(__file__).parent / "socketio/server.js", chosen) as server:
            path = "/socket.io/?EIO=4&transport=websocket"
            rooms = [[{"path": path, "room": f"room {i}"}] * 2 for i in range(ROOMS)]
            yield Contestant("socket.io", "socketio", server, _forever(rooms), store, "message")


def why_no_socket_io() -> str:
    """Empty where it can be measured."""
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    return f"no {' and no '.join(missing)} on this machine" if missing else ""


def _pairs(prefix: str) -> Iterator[Rooms]:
    number = 0
    while True:
        number += 1
        yield [
            [{"path": f"{prefix}/{number}-{room}/{author}"} for author in ("ann", "bob")]
            for room in range(ROOMS)
        ]


def _forever(rooms: Rooms) -> Iterator[Rooms]:
    while True:
        yield rooms


def _django(arguments: list[str], chosen: Environment) -> None:
    command = [sys.executable, "-m", "django", *arguments]
    quiet = subprocess.DEVNULL
    env = os.environ | chosen
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=quiet, timeout=COMMAND_SECONDS)
