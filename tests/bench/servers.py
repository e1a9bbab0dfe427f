"""The servers that are measured: each a process of its own, ready when its context begins."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UVICORN = [
    *("--loop", "uvloop", "--http", "httptools", "--ws", "websockets-sansio"),
    *("--ws-per-message-deflate", "false", "--ws-max-size", "131072"),
    *("--ws-ping-interval", "10", "--ws-ping-timeout", "10", "--log-level", "warning"),
]
Environment = dict[str, str]


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-3000:]


@contextmanager
def uvicorn(application: str, environment: Environment) -> Iterator[Server]:
    """On a socket that is bound here, so that no other process can take the port."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as bound:
        # uvicorn takes a descriptor for that of a Unix socket and leaves Nagle's algorithm on; what
        # is accepted inherits this.
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port, fd = bound.getsockname()[1], bound.fileno()
        command = [sys.executable, "-m", "uvicorn", "--fd", str(fd), *UVICORN, application]
        with _run(command, environment, port, [fd]) as server:
            yield server


@contextmanager
def node(script: Path, environment: Environment) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    chosen = {**environment, "BENCH_PORT": str(port)}
    with _run(["node", str(script)], chosen, port, []) as server:
        yield server


@contextmanager
def _run(
    command: list[str], environment: Environment, port: int, fds: list[int]
) -> Iterator[Server]:
    with tempfile.NamedTemporaryFile(prefix="livechat-bench-", suffix=".log") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            pass_fds=fds,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        server = Server(process, port, Path(log.name))
        try:
            _wait_until_it_answers(server)
            yield server
            complain(server)
        finally:
            _end(process)


def complain(server: Server) -> None:
    """A server that logs a traceback while it is measured was not well."""
    if server.process.poll() is not None or "Traceback" in server.log.read_text(errors="replace"):
        raise RuntimeError(f"A server was not well:\n{server.tail()}")


def _wait_until_it_answers(server: Server) -> None:
    """A socket that was bound here takes connections before anybody serves them: ask."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=5) as probe:
                probe.sendall(b"GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                if probe.recv(1):
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"A server did not start:\n{server.tail()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
