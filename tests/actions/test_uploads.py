"""Uploads over HTTP: one file of a form becomes an address, and that a file event."""

from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings

from livechat_widget.models import Customer, Event, File
from tests.actions.test_http import ROOT, SHOP, post, refusal
from tests.cast import Cast
from tests.pictures import draw

pytestmark = pytest.mark.usefixtures("media")

PDF = b"%PDF-1.4 a manual"


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer(name="Vera")


def upload(
    client: Client,
    customer: Customer,
    data: bytes = PDF,
    name: str = "manual.pdf",
    part: str = "file",
    **headers: str,
) -> HttpResponse:
    sent = {part: SimpleUploadedFile(name, data, "text/html")}
    query = f"organization_id={customer.organization.organization_id}"
    headers = {"Authorization": Cast.token(None, customer), **headers}  # type: ignore[arg-type]
    return client.post(f"{ROOT}upload_file?{query}", sent, headers=headers)


def bodies(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_it_works(client: Client, cast: Cast, vera: Customer, media: Path) -> None:
    url = upload(client, vera).json()["url"]
    assert url.startswith("http://testserver/livechat/customer/files/")
    assert client.get(url).getvalue() == PDF
    assert bodies(media) == [PDF]
    chat = cast.chat(vera)
    event = {"type": "file", "url": url, "alternative_text": "How to fold it"}
    answer = post(client, vera, "send_event", {"chat_id": chat.pk, "event": event})
    shown = post(client, vera, "get_chat", {"chat_id": chat.pk}).json()["thread"]["events"][-1]
    assert shown["id"] == answer.json()["event_id"]
    assert (shown["name"], shown["content_type"]) == ("manual.pdf", "application/pdf")
    assert (shown["size"], shown["alternative_text"]) == (len(PDF), "How to fold it")
    assert "width" not in shown
    assert client.get(shown["url"]).getvalue() == PDF


def test_an_event_holds_no_address(client: Client, cast: Cast, vera: Customer) -> None:
    event = {"type": "file", "url": upload(client, vera).json()["url"]}
    post(client, vera, "send_event", {"chat_id": cast.chat(vera).pk, "event": event})
    content = Event.objects.get(type="file").content
    assert UUID(content["file_id"]) == File.objects.get().pk
    assert "url" not in content


def test_a_chat_begins_with_a_file(client: Client, vera: Customer) -> None:
    event = {"type": "file", "url": upload(client, vera, draw(), "a.png").json()["url"]}
    started = post(client, vera, "start_chat", {"chat": {"thread": {"events": [event]}}})
    assert File.objects.get().chat_id == started.json()["chat_id"]


def test_a_picture_has_sizes_and_thumbnails(client: Client, cast: Cast, vera: Customer) -> None:
    chat = cast.chat(vera)
    data = draw(size=(800, 400))
    event = {"type": "file", "url": upload(client, vera, data, "a.png").json()["url"]}
    post(client, vera, "send_event", {"chat_id": chat.pk, "event": event})
    shown = post(client, vera, "get_chat", {"chat_id": chat.pk}).json()["thread"]["events"][-1]
    assert (shown["width"], shown["height"]) == (800, 400)
    thumbnails = [client.get(shown[name]) for name in ("thumbnail_url", "thumbnail2x_url")]
    assert [one["Content-Type"] for one in thumbnails] == ["image/webp"] * 2
    assert len(thumbnails[0].getvalue()) < len(thumbnails[1].getvalue())


def test_a_retry_of_the_event_is_answered_as_the_first_time(
    client: Client, cast: Cast, vera: Customer
) -> None:
    event = {"type": "file", "url": upload(client, vera).json()["url"], "custom_id": "c1"}
    payload = {"chat_id": cast.chat(vera).pk, "event": event}
    first, second = (post(client, vera, "send_event", payload) for _ in range(2))
    assert first.json() == second.json()
    assert Event.objects.filter(type="file").count() == 1


def test_the_part_may_have_any_name(client: Client, vera: Customer) -> None:
    assert upload(client, vera, part="attachment").status_code == 200


def test_a_page_of_another_site_may_read_the_answer(client: Client, vera: Customer) -> None:
    vera.organization.trusted_origins = [SHOP]
    vera.organization.save()
    assert upload(client, vera, Origin=SHOP)["Access-Control-Allow-Origin"] == SHOP
    refused = upload(client, vera, b"", Origin=SHOP)
    assert refusal(refused) == (400, "validation")
    assert refused["Access-Control-Allow-Origin"] == SHOP


def test_it_refuses_somebody_without_a_token(client: Client, vera: Customer) -> None:
    assert refusal(upload(client, vera, Authorization="")) == (401, "authentication")


def test_it_refuses_the_file_of_somebody_else(client: Client, cast: Cast, vera: Customer) -> None:
    url = upload(client, vera).json()["url"]
    other = cast.customer()
    payload = {"chat_id": cast.chat(other).pk, "event": {"type": "file", "url": url}}
    foreign = post(client, other, "send_event", payload)
    nobodys = {**payload, "event": {"type": "file", "url": f"{url}x"}}
    assert refusal(foreign) == (400, "validation")
    assert foreign.json() == post(client, other, "send_event", nobodys).json()
    payload["chat_id"] = cast.chat(vera).pk
    assert post(client, vera, "send_event", payload).status_code == 200


@pytest.mark.parametrize(
    "url", ["https://evil.example/x.png", "", "http://[", "/livechat/customer/files/x:y", "a/\x00"]
)
def test_it_refuses_an_address_that_is_not_ours(
    client: Client, cast: Cast, vera: Customer, url: str
) -> None:
    payload = {"chat_id": cast.chat(vera).pk, "event": {"type": "file", "url": url}}
    assert refusal(post(client, vera, "send_event", payload)) == (400, "validation")


@override_settings(LIVECHAT={"FILE_STORAGE": "default", "MAX_FILE_BYTES": 1000})
def test_it_refuses_what_is_too_large(client: Client, vera: Customer, media: Path) -> None:
    at_most = PDF.ljust(1000)
    assert upload(client, vera, at_most).status_code == 200
    for data in (at_most + b" ", at_most * 200):
        assert refusal(upload(client, vera, data)) == (413, "entity_too_large")
    assert bodies(media) == [at_most]


def test_it_refuses_two_files_at_once(client: Client, vera: Customer, media: Path) -> None:
    sent = {name: SimpleUploadedFile(name, PDF) for name in ("a.pdf", "b.pdf")}
    query = f"organization_id={vera.organization.organization_id}"
    headers = {"Authorization": Cast.token(None, vera)}  # type: ignore[arg-type]
    response = client.post(f"{ROOT}upload_file?{query}", sent, headers=headers)
    assert refusal(response) == (400, "validation")
    assert bodies(media) == []


def form(*parts: bytes, end: bytes = b"--x--\r\n") -> bytes:
    return b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + end


FILE = b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + PDF
FIELD = b'Content-Disposition: form-data; name="a"\r\n\r\n1'


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (form(FILE), 200),
        (form(FIELD, FILE), 200),
        (form(FILE, end=b""), 400),
        (form(FILE)[:-6], 400),
        (form(*[FIELD] * 10_000, FILE), 400),
        (form(*[FILE] * 10_000), 400),
        (form(FIELD), 400),
        (form(), 400),
        (b"", 400),
        (form(FILE.replace(b"a.pdf", b"a" * 1_000_000 + b".pdf")), 400),
        (form(FIELD + b"1" * 11_000_000, FILE), 413),
        (form(FIELD + b"1" * 3_000_000, FILE), 413),
        (form(FILE.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n")), 400),
    ],
    ids=[
        "whole", "with a field", "cut before its end", "cut in its end", "ten thousand fields",
        "ten thousand files", "no file", "no part", "nothing", "a name of a megabyte",
        "a field larger than files may be", "a field larger than Django takes", "false base64",
    ],
)  # fmt: skip
def test_a_form_is_taken_whole_or_not_at_all(
    client: Client, vera: Customer, media: Path, body: bytes, outcome: int
) -> None:
    query = f"organization_id={vera.organization.organization_id}"
    response = client.generic(
        "POST",
        f"{ROOT}upload_file?{query}",
        body,
        content_type="multipart/form-data; boundary=x",
        headers={"Authorization": Cast.token(None, vera)},  # type: ignore[arg-type]
    )
    assert response.status_code == outcome
    assert bodies(media) == ([PDF] if outcome == 200 else [])
    assert File.objects.count() == (outcome == 200)
    if outcome != 200:
        refusal(response)


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "text/plain", ""])
def test_it_refuses_what_is_no_form(client: Client, vera: Customer, kind: str) -> None:
    query = f"organization_id={vera.organization.organization_id}"
    headers = {"Authorization": Cast.token(None, vera)}  # type: ignore[arg-type]
    response = client.generic(
        "POST", f"{ROOT}upload_file?{query}", b"{}", content_type=kind, headers=headers
    )
    assert refusal(response) == (400, "validation")


@override_settings(LIVECHAT={"FILE_STORAGE": "default", "FILES_PER_MINUTE": 2})
def test_it_refuses_many_within_a_minute(client: Client, cast: Cast, vera: Customer) -> None:
    """Those that came to nothing count as well, and nobody pays for somebody else."""
    assert upload(client, vera).status_code == 200
    assert upload(client, vera, b"").status_code == 400
    assert refusal(upload(client, vera)) == (429, "too_many_requests")
    assert upload(client, cast.customer()).status_code == 200


@override_settings(LIVECHAT={"FILE_STORAGE": "default", "FILE_QUOTA_BYTES": 1000})
def test_it_refuses_more_than_the_quota(client: Client, cast: Cast, vera: Customer) -> None:
    assert upload(client, vera, PDF.ljust(600)).status_code == 200
    assert refusal(upload(client, vera, PDF.ljust(401))) == (400, "validation")
    assert upload(client, vera, PDF.ljust(400)).status_code == 200
    assert upload(client, cast.customer(), PDF.ljust(600)).status_code == 200


@override_settings(LIVECHAT={})
def test_it_refuses_all_where_no_storage_is_named(client: Client, vera: Customer) -> None:
    assert refusal(upload(client, vera)) == (403, "authorization")
