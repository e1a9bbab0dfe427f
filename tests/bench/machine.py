"""What it was measured on."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import psycopg
import redis

from tests.services import POSTGRES_URL, REDIS_URL

PACKAGES = (
    *("Django", "channels", "channels_redis", "redis", "psycopg", "msgspec"),
    *("uvicorn", "uvloop", "httptools", "websockets"),
)

# Of the last minute, before anything of the bench ran: neighbours are the largest error.
LOAD = os.getloadavg()[0]


def facts() -> dict[str, str]:
    """Name and value, in the order in which they are told."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "machine": f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB",
        "load before it began": f"{LOAD:.1f}",
        "kernel": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "PostgreSQL": _postgres(),
        "Redis": redis.Redis.from_url(REDIS_URL).info("server")["redis_version"],
        "Node": _node(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _postgres() -> str:
    with psycopg.connect(f"{POSTGRES_URL}/postgres") as server:
        number = server.execute("SHOW server_version").fetchone()[0]
        commit = server.execute("SHOW synchronous_commit").fetchone()[0]
    return f"{number}, synchronous_commit {commit}"


def _node() -> str:
    if shutil.which("node") is None:
        return "none"
    done = subprocess.run(["node", "--version"], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()
