"""Uploads on real servers, also those that end before they are whole."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.timezone import now

from livechat_widget.domain import files
from livechat_widget.models import Customer, Event, File
from tests.cast import Cast
from tests.pictures import draw
from tests.servers import Server, start_server
from tests.sockets.conftest import Connect
from tests.sockets.test_http import post

PDF = b"%PDF-1.4 " + b"a manual " * 30_000
HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
END = b"\r\n--x--\r\n"
SCANNED = {"FILE_SCANNER": "tests.scanners.never_end"}


@pytest.fixture(params=["daphne", "uvicorn"])
def either(request: pytest.FixtureRequest, server: Server) -> Iterator[Server]:
    """The one reads a body before anybody hears of it, the other hands on what comes."""
    if request.param == "daphne":
        yield server
    else:
        with start_server("uvicorn") as one:
            yield one


def ask(server: Server, customer: Customer, body: bytes, length: int | None = None) -> bytes:
    """An upload as it is sent; ``length`` is what it says of itself, if that is not true."""
    organization = customer.organization
    lines = [
        f"POST /livechat/v3.5/customer/action/upload_file?license_id={organization.license_id}"
        " HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"Authorization: {Cast.token(None, customer)}",  # type: ignore[arg-type]
        "Content-Type: multipart/form-data; boundary=x",
        f"Content-Length: {len(body) if length is None else length}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def upload(server: Server, customer: Customer, data: bytes = PDF) -> tuple[int, Any]:
    with socket.create_connection(("127.0.0.1", server.port), 20) as line:
        line.sendall(ask(server, customer, HEAD + data + END))
        return answer(line)


def answer(line: socket.socket) -> tuple[int, Any]:
    response = http.client.HTTPResponse(line)
    response.begin()
    return response.status, json.loads(response.read())


def fetch(server: Server, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as client:
        client.request("GET", path)
        response = client.getresponse()
        return response, response.read()


def kept(customer: Customer) -> list[Path]:
    """What the storage has of the customer's files, and of nobody's."""
    known = {path for file in File.objects.all() for path in file.paths.values()}
    own = {
        path
        for file in File.objects.filter(uploader=customer.author_id)
        for path in file.paths.values()
    }
    root = Path(settings.MEDIA_ROOT)
    there = [path for path in root.rglob("*") if path.is_file()]
    strange = [path for path in there if str(path.relative_to(root)) not in known]
    return strange + [root / path for path in own if (root / path).exists()]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_works(either: Server, connect: Connect, live_cast: Cast) -> None:
    vera = live_cast.customer()
    chat = live_cast.chat(vera)
    client = connect(vera)
    picture = draw(size=(700, 350))
    status, body = upload(either, vera, picture)
    assert (status, body["url"].startswith(either.url)) == (200, True)
    event = {"type": "file", "url": body["url"]}
    client.ask_ok("send_event", {"chat_id": chat.pk, "event": event})
    shown = client.push("incoming_event")["payload"]["event"]
    assert (shown["width"], shown["height"], shown["name"]) == (700, 350, "a.pdf.png")
    for name in ("url", "thumbnail_url", "thumbnail2x_url"):
        response, data = fetch(either, shown[name])
        assert response.status == 200
        assert int(response.headers["Content-Length"]) == len(data) > 0
    assert "Traceback" not in either.log()
    assert "Warning" not in either.log()


@pytest.mark.parametrize("sent", [0, 1, 1000, len(PDF) - 1])
def test_nothing_stays_of_an_upload_that_was_cut(
    either: Server, live_cast: Cast, sent: int
) -> None:
    vera = live_cast.customer()
    with socket.create_connection(("127.0.0.1", either.port), 20) as line:
        line.sendall(ask(either, vera, HEAD + PDF[:sent], len(HEAD + PDF + END)))
    status, _ = upload(either, vera)
    assert status == 200
    assert File.objects.filter(uploader=vera.author_id).count() == 1
    assert len(kept(vera)) == 1


def test_one_that_says_too_little_of_its_length_is_refused(either: Server, live_cast: Cast) -> None:
    vera = live_cast.customer()
    with socket.create_connection(("127.0.0.1", either.port), 20) as line:
        line.sendall(ask(either, vera, HEAD + PDF + END, len(HEAD) + 1000))
        status, body = answer(line)
    assert (status, body["error"]["type"]) == (400, "validation")
    assert (kept(vera), File.objects.filter(uploader=vera.author_id).count()) == ([], 0)


def test_a_slow_upload_holds_nobody_up(either: Server, live_cast: Cast) -> None:
    vera = live_cast.customer()
    body = HEAD + PDF + END
    with socket.create_connection(("127.0.0.1", either.port), 20) as line:
        line.sendall(ask(either, vera, b"", len(body)))
        for byte in body[:20]:
            line.sendall(bytes([byte]))
            assert post(either, live_cast, vera, "get_customer", {})["id"] == str(vera.pk)
        line.sendall(body[20:])
        assert answer(line)[0] == 200


def test_what_is_too_large_is_refused_in_json(either: Server, live_cast: Cast) -> None:
    vera = live_cast.customer()
    status, body = upload(either, vera, PDF.ljust(10 * 1024 * 1024 + 1))
    assert (status, body["error"]["type"]) == (413, "entity_too_large")
    assert upload(either, vera, PDF.ljust(10 * 1024 * 1024))[0] == 200


def test_a_process_that_is_killed_leaves_no_half_file(shared_db: None, live_cast: Cast) -> None:
    """After its bytes were kept, before anybody knows of them: the row says what to clear away."""
    vera = live_cast.customer()
    chat = live_cast.chat(vera)
    with start_server(LIVECHAT_TEST_SETTINGS=json.dumps(SCANNED)) as doomed:
        line = socket.create_connection(("127.0.0.1", doomed.port), 20)
        line.sendall(ask(doomed, vera, HEAD + PDF + END))
        wait_for(lambda: len(kept(vera)) == 1)
        doomed.process.kill()
        doomed.process.wait()
        line.close()
    file = File.objects.get(uploader=vera.author_id)
    assert (file.status, file.chat) == (File.Status.RECEIVING, None)
    assert not Event.objects.filter(chat=chat, type="file").exists()
    File.objects.filter(pk=file.pk).update(created_at=now() - timedelta(hours=25))
    files.remove_unused()
    assert (kept(vera), File.objects.filter(uploader=vera.author_id).count()) == ([], 0)
