"""ASGI workers: real servers in processes of their own, each behind a proxy."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

from .control import Control
from .proxy import Proxy
from .services import until
from .wire import ask_http

ROOT = Path(__file__).resolve().parent.parent.parent
Kind = Literal["daphne", "uvicorn"]
# Half-open links are found by the server's own ping; production uses 10 and 10.
PING_INTERVAL, PING_TIMEOUT = 3, 3


class Worker:
    """One server. It keeps its proxy, its switches and its log when it is started again."""

    def __init__(self, number: int, kind: Kind, folder: Path, environment: dict[str, str]) -> None:
        self.number, self.kind = number, kind
        self.folder = folder / f"worker-{number}"
        self.folder.mkdir()
        self.control = Control(self.folder / "control.json")
        self.effects = self.folder / "effects.jsonl"
        self.log = self.folder / "log"
        self.proxy = Proxy()
        self.options: list[str] = []
        self.deaths = 0
        self._environment = {
            **os.environ,
            **environment,
            "CHAOS_WORKER": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def start(self, *, wait: bool = True) -> None:
        bound = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.proxy.target = bound.getsockname()[1]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(bound.fileno()),
                cwd=ROOT,
                env=self._environment,
                pass_fds=[bound.fileno()],
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C is for the rig, which then stops its workers
            )
        bound.close()
        await self.proxy.start()
        if wait:
            await self.ready()

    async def ready(self) -> None:
        deadline = asyncio.get_running_loop().time() + 30
        while True:
            try:
                await ask_http(self.proxy.target, "GET", "/livechat/customer", timeout=5)
            except OSError as error:
                if not self.alive() or asyncio.get_running_loop().time() > deadline:
                    raise RuntimeError(f"worker {self.number}: {self.tail()}") from error
                await asyncio.sleep(0.05)
            else:
                return

    def signal(self, number: signal.Signals) -> None:
        if self.alive() and self._process:
            self._process.send_signal(number)

    async def gone(self, seconds: float) -> int:
        """Wait for the end of the process; gives its return code."""
        await until(lambda: not self.alive(), seconds, f"worker {self.number} ends")
        assert self._process is not None
        self.deaths += 1
        return self._process.returncode

    async def stop(self) -> None:
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await until(lambda: not self.alive(), 5, "ends")
        self.signal(signal.SIGKILL)
        if self._process:
            await asyncio.to_thread(self._process.wait)
        await self.proxy.stop()

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

    def keep_log(self, folder: Path, start: int) -> None:
        """Copy what was said from this byte on to where it outlives the rig."""
        with self.log.open("rb") as log, (folder / f"{self.folder.name}.log").open("wb") as kept:
            log.seek(start)
            shutil.copyfileobj(log, kept)

    def gauge(self) -> dict[str, Any]:
        """Files and memory from outside, tasks and feeds as the worker counted them."""
        counted = self.folder / "gauge.json"
        inner = json.loads(counted.read_text()) if counted.exists() else {}
        rss = (Path(f"/proc/{self.pid}/statm").read_text()).split()[1]
        files = len(os.listdir(f"/proc/{self.pid}/fd"))
        return {**inner, "files": files, "rss_kb": int(rss) * 4}

    def _command(self, fd: int) -> list[str]:
        application = "tests.chaos.asgi:application"
        timing = [str(PING_INTERVAL), str(PING_TIMEOUT)]
        python = [sys.executable, "-m", self.kind, "--fd", str(fd)]
        if self.kind == "uvicorn":
            ping = ["--ws-ping-interval", timing[0], "--ws-ping-timeout", timing[1]]
            limits = ["--ws-max-size", "131072", "--no-access-log", "--lifespan", "off"]
            graceful = ["--timeout-graceful-shutdown", "8"]
            return [*python, *ping, *limits, *graceful, *self.options, application]
        ping = ["--ping-interval", timing[0], "--ping-timeout", timing[1]]
        return [*python, *ping, "--access-log", "/dev/null", *self.options, application]
