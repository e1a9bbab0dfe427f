"""Files are served by signed addresses, and so that nothing in them runs."""

import asyncio
import io
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import Client

from livechat_widget.delivery import links, present
from livechat_widget.domain import events, files, uploads
from livechat_widget.models import Chat, Customer, Event, File
from livechat_widget.pages.files import show
from livechat_widget.protocol.events import NewFile
from livechat_widget.protocol.views import View
from tests.cast import Cast
from tests.hostile_files import SAMPLES, Sample, ids
from tests.pictures import draw

pytestmark = pytest.mark.usefixtures("media")

PDF = b"%PDF-1.4 a manual"
TAKEN = [sample for sample in SAMPLES if sample.kept_as]


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer()


def take(uploader: Any, data: bytes = PDF, name: str = "manual.pdf") -> File:
    return uploads.take(uploader, io.BytesIO(data), name)


def send(chat: Chat, author: Any, file: File) -> Event:
    return events.send(chat.pk, author, NewFile(url=files.address(file))).event


def seen(event: Event, view: View) -> Any:
    return present.event(event, None, view)


def test_it_works(client: Client, cast: Cast, vera: Customer) -> None:
    shown = seen(send(cast.chat(vera), vera, take(vera)), View.AGENT)
    response = client.get(shown.url)
    assert response.getvalue() == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(PDF))
    assert response["Content-Disposition"] == 'attachment; filename="manual.pdf"'
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"].startswith("private, max-age=8")


@pytest.mark.parametrize("sample", TAKEN, ids=ids)
def test_nothing_is_served_that_could_run(client: Client, vera: Customer, sample: Sample) -> None:
    response = client.get(files.address(take(vera, sample.data, sample.name)))
    assert response["Content-Type"] == sample.kept_as
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; sandbox; frame-ancestors 'none'"
    )
    picture = response["Content-Type"] in ("image/png", "image/jpeg", "image/gif", "image/webp")
    assert response["Content-Disposition"].startswith("inline" if picture else "attachment")
    response.getvalue()


def test_each_view_has_its_own_address_and_no_token(cast: Cast, vera: Customer) -> None:
    event = send(cast.chat(vera), vera, take(vera, draw(), "a.png"))
    for_customer, for_agent = (seen(event, view) for view in View)
    urls = [getattr(one, name) for one in (for_customer, for_agent)
            for name in ("url", "thumbnail_url", "thumbnail2x_url")]  # fmt: skip
    assert len(set(urls)) == 6
    for url, view in zip(urls, ["customer"] * 3 + ["agent"] * 3, strict=True):
        link = links.read(url.rpartition("/")[2])
        assert link is not None
        assert (link.chat_id, link.audience) == (event.chat_id, view)


def test_an_address_stays_the_same_for_a_while(
    cast: Cast, vera: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = send(cast.chat(vera), vera, take(vera))
    start = links.time() // 3600 * 3600
    urls = []
    for seconds in (0, 3599, 3600):
        monkeypatch.setattr(links, "time", lambda seconds=seconds: start + seconds)
        urls.append(seen(event, View.CUSTOMER).url)
    assert urls[0] == urls[1] != urls[2]


def test_it_begins_where_the_site_says(cast: Cast, vera: Customer, settings: Any) -> None:
    settings.LIVECHAT = {"FILE_STORAGE": "default", "FILE_ORIGIN": "https://files.example"}
    event = send(cast.chat(vera), vera, take(vera))
    assert seen(event, View.AGENT).url.startswith("https://files.example/livechat/customer/files/")


def test_the_console_and_the_widget_show_it(client: Client, cast: Cast, vera: Customer) -> None:
    chat = cast.chat(vera)
    send(chat, vera, take(vera, draw(), "a.png"))
    cast.reply(chat, "Thank you")
    client.force_login(cast.ann.user)
    page = client.get(f"/admin/livechat_widget/chat/console/chats/{chat.pk}/").content.decode()
    assert page.count("/livechat/customer/files/") == 3
    url = page.partition('src="/livechat/customer/files/')[2].partition('"')[0]
    assert client.get(f"/livechat/customer/files/{url}").getvalue()


def test_it_refuses_an_address_that_is_too_old(
    client: Client, cast: Cast, vera: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = seen(send(cast.chat(vera), vera, take(vera)), View.CUSTOMER).url
    start = links.time()
    monkeypatch.setattr(links, "time", lambda: start + 24 * 3600)
    response = client.get(url)
    assert (response.status_code, response.json()["error"]["type"]) == (404, "not_found")


def test_it_refuses_an_address_of_another_chat(client: Client, cast: Cast, vera: Customer) -> None:
    """The file and the chat are looked at together, whatever was signed."""
    file, other = take(vera), cast.chat()
    send(cast.chat(vera), vera, file)
    assert client.get(links.address(file.pk.hex, other.pk, "customer")).status_code == 404
    assert client.get(links.address(file.pk.hex, "", cast.ann.author_id)).status_code == 404
    assert client.get(links.address(file.pk.hex, "", vera.author_id)).getvalue() == PDF


def test_it_refuses_an_address_that_was_changed(client: Client, vera: Customer) -> None:
    url = files.address(take(vera))
    for place in range(url.rindex("/") + 1, len(url)):
        changed = url[:place] + ("A" if url[place] != "A" else "B") + url[place + 1 :]
        assert client.get(changed).status_code == 404


@pytest.mark.parametrize("token", ["x", "a:b", "W10:x", "%00", "..%2f..%2fsettings.py", "é:é"])
def test_it_refuses_what_was_never_signed(client: Client, db: None, token: str) -> None:
    assert client.get(f"/livechat/customer/files/{token}").status_code == 404


def test_it_refuses_the_address_once_the_chat_is_gone(
    client: Client, cast: Cast, vera: Customer
) -> None:
    url = seen(send(cast.chat(vera), vera, take(vera)), View.CUSTOMER).url
    vera.delete()
    assert client.get(url).status_code == 404


def test_it_refuses_a_file_whose_bytes_are_gone(
    client: Client, vera: Customer, media: Path
) -> None:
    file = take(vera)
    (media / file.paths[""]).unlink()
    assert client.get(files.address(file)).status_code == 404


def test_it_refuses_other_methods(client: Client, vera: Customer) -> None:
    assert client.post(files.address(take(vera))).status_code == 400


@pytest.mark.parametrize(
    ("asked", "status", "body", "content_range"),
    [
        ("bytes=0-3", 206, b"%PDF", "bytes 0-3/17"),
        ("bytes=9-", 206, b"a manual", "bytes 9-16/17"),
        ("bytes=-6", 206, b"manual", "bytes 11-16/17"),
        ("bytes=-99", 200, PDF, None),
        ("bytes=11-999", 206, b"manual", "bytes 11-16/17"),
        ("bytes=17-", 416, b"", "bytes */17"),
        ("bytes=5-4", 416, b"", "bytes */17"),
        ("bytes=-0", 416, b"", "bytes */17"),
        ("bytes=0-1,3-4", 200, PDF, None),
        ("bytes=-", 200, PDF, None),
        ("bytes=a-b", 200, PDF, None),
        ("lines=0-1", 200, PDF, None),
        ("bytes=" + "9" * 99 + "-", 200, PDF, None),
    ],
)
def test_a_part_can_be_asked_for(
    client: Client, vera: Customer, asked: str, status: int, body: bytes, content_range: str | None
) -> None:
    url = files.address(take(vera))
    response = client.get(url, headers={"Range": asked})
    assert (response.status_code, response.getvalue()) == (status, body)
    assert response.get("Content-Range") == content_range


def test_a_part_of_another_file_is_not_mixed_in(client: Client, vera: Customer) -> None:
    url = files.address(take(vera))
    head = client.head(url)
    head.getvalue()
    tag = head["ETag"]
    for given, status in ((tag, 206), ('"another"', 200)):
        response = client.get(url, headers={"Range": "bytes=0-3", "If-Range": given})
        assert response.status_code == status
        response.getvalue()


def test_a_head_has_no_body(client: Client, vera: Customer) -> None:
    response = client.head(files.address(take(vera)))
    assert (response["Content-Length"], response.getvalue()) == ("17", b"")


def test_an_asgi_server_gets_it_piece_by_piece(vera: Customer) -> None:
    """Under ASGI Django reads a plain iterator into memory, and warns, which is an error here."""
    data = b"%PDF-" + bytes(200_000)
    path = urlsplit(files.address(take(vera, data))).path
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    response = show(ASGIRequest(scope, io.BytesIO()), token=path.rpartition("/")[2])
    assert response.is_async

    async def collect() -> list[bytes]:
        return [chunk async for chunk in response]

    chunks = asyncio.run(collect())
    response._content.close()
    assert (b"".join(chunks), len(chunks)) == (data, 4)
