"""HTTP, as much of it as the rig needs; a connection per request."""

import asyncio
from typing import NamedTuple
from urllib.parse import urlencode


class Reply(NamedTuple):
    status: int
    body: bytes


async def ask_http(
    port: int,
    method: str,
    path: str,
    form: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    timeout: float = 10,
) -> Reply:
    """One request to this machine; raises ``OSError`` whatever way it fails."""
    try:
        async with asyncio.timeout(timeout):
            return await _ask(port, method, path, urlencode(form or {}).encode(), headers or {})
    except (TimeoutError, asyncio.IncompleteReadError, ValueError, IndexError) as error:
        raise OSError(f"no answer: {error!r}") from error


async def _ask(port: int, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
    lines = {
        "Host": f"127.0.0.1:{port}",
        "Connection": "close",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        status = int((await reader.readuntil(b"\r\n")).split()[1])
        await reader.readuntil(b"\r\n\r\n") if status != 204 else None
        return Reply(status, await reader.read())
    finally:
        writer.close()
