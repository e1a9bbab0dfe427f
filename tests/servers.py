"""Real servers on the test database, each in a process of its own."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from django.db import connection

ROOT = Path(__file__).parent.parent
Kind = Literal["daphne", "uvicorn"]


@dataclass
class Server:
    """A running server; its log is read by tests that look for tracebacks."""

    process: subprocess.Popen[bytes]
    port: int
    log_path: Path
    scheme: str = "http"
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws", 1)

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")


@contextmanager
def start_server(
    kind: Kind = "daphne", certificate: tuple[Path, Path] | None = None, **environment: str
) -> Iterator[Server]:
    """A server that is ready when this yields, and gone when it returns.

    The socket is bound here and handed over, so that no other process can take the port.
    """
    bound = socket.create_server(("127.0.0.1", 0), backlog=512)
    port = bound.getsockname()[1]
    handle, log_name = tempfile.mkstemp(prefix=f"livechat-{kind}-", suffix=".log")
    process = subprocess.Popen(
        _command(kind, bound.fileno(), port, certificate),
        cwd=ROOT,
        env=_environment(environment),
        pass_fds=[bound.fileno()],
        stdout=handle,
        stderr=subprocess.STDOUT,
    )
    server = Server(process, port, Path(log_name), "https" if certificate else "http")
    try:
        bound.close()
        _wait_until_ready(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(handle)
        server.log_path.unlink()


def _command(kind: Kind, fd: int, port: int, certificate: tuple[Path, Path] | None) -> list[str]:
    if kind == "uvicorn":
        command = [sys.executable, "-m", "uvicorn", "--fd", str(fd), "--log-level", "info"]
        if certificate:
            command += ["--ssl-certfile", str(certificate[0]), "--ssl-keyfile", str(certificate[1])]
        return [*command, "--ws-max-size", "131072", "tests.asgi:application"]
    return [sys.executable, "-m", "daphne", "--fd", str(fd), "tests.asgi:application"]


def _environment(extra: dict[str, str]) -> dict[str, str]:
    environment = {**os.environ, **extra}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    environment["LIVECHAT_TEST_DB_NAME"] = str(connection.settings_dict["NAME"])
    environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    environment["LIVECHAT_TEST_DEBUG"] = "1"
    return environment


def _wait_until_ready(server: Server) -> None:
    if server.scheme == "https":
        _wait_for_port(server)
        return
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(f"{server.url}/livechat/customer", timeout=5)
        except urllib.error.HTTPError:
            return  # it answers
        except OSError as error:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server did not start:\n{server.log()}") from error
            time.sleep(0.05)  # nothing else tells when another process listens
        else:
            return


def _wait_for_port(server: Server) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", server.port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"The server did not start:\n{server.log()}")
