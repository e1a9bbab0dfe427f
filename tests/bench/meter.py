"""What processes cost, as the kernel counts it."""

import os
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.services import POSTGRES_URL

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
# The backends of one database, and those who write for all of them (WAL, checkpoints).
_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = %s OR datname IS NULL"
Cpu = dict[int, float]


@dataclass(frozen=True)
class Cost:
    """CPU seconds of one window; ``machine`` are those of everybody, neighbours included."""

    server: float
    postgres: float
    machine: float

    @property
    def total(self) -> float:
        return self.server + self.postgres


class Meter:
    """The CPU time of a server's processes and of PostgreSQL for its database, if it has one."""

    def __init__(self, pid: int, database: str | None) -> None:
        self._pid, self._database = pid, database
        self._server: Cpu = {}
        self._postgres: Cpu = {}
        self._machine = 0.0

    def start(self) -> None:
        self._server, self._postgres = self._read()
        self._machine = machine()

    def stop(self) -> Cost:
        """Since ``start``; who came in between counts from its first moment."""
        busy = machine() - self._machine
        server, postgres = self._read()
        return Cost(_spent(self._server, server), _spent(self._postgres, postgres), busy)

    def _read(self) -> tuple[Cpu, Cpu]:
        server = {pid: cpu(pid) for pid in tree(self._pid)}
        return server, {pid: cpu(pid) for pid in self._backends()}

    def _backends(self) -> list[int]:
        if self._database is None:
            return []
        with psycopg.connect(f"{POSTGRES_URL}/postgres", autocommit=True) as server:
            return [pid for (pid,) in server.execute(_BACKENDS, [self._database])]


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        children += map(int, (task / "children").read_text().split())
    return [pid, *(one for child in children for one in tree(child))]


def cpu(pid: int) -> float:
    """Seconds, user and system, of all threads up to now; 0 for one that is gone."""
    return _seconds(Path(f"/proc/{pid}"))


def _seconds(folder: Path) -> float:
    try:
        stat = (folder / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def machine() -> float:
    """Seconds that all cores were busy, or were taken away from this machine by its host."""
    user, nice, system, _idle, _waiting, *more = map(int, _stat().split()[1:9])
    return (user + nice + system + sum(more)) / _TICKS


def _stat() -> str:
    with open("/proc/stat") as file:
        return file.readline()


def threads(pid: int) -> Cpu:
    """The same, thread by thread, by the kernel's number."""
    return {int(task.name): _seconds(task) for task in Path(f"/proc/{pid}/task").iterdir()}


def memory(pid: int) -> int:
    """Resident bytes of a process and all below it."""
    pages = (Path(f"/proc/{one}/statm").read_text().split()[1] for one in tree(pid))
    return sum(map(int, pages)) * _PAGE


def _spent(before: Cpu, after: Cpu) -> float:
    return sum(max(0, now - before.get(pid, 0)) for pid, now in after.items())
