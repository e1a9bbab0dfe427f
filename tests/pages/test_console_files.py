"""An agent's file: one request receives it, keeps it and sends it."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from livechat_widget.models import Chat, Event, File
from tests.cast import Cast
from tests.pages.test_console_acts import browser

pytestmark = pytest.mark.usefixtures("media")

PDF = b"%PDF-1.4 a manual"


@pytest.fixture
def chat(cast: Cast) -> Chat:
    chat = cast.chat()
    cast.reply(chat, "Here it is:")
    return chat


def send(
    client: Client, chat: Chat, body: bytes = PDF, kind: str = "application/octet-stream",
    headers: dict[str, str] | None = None, **query: str,
) -> HttpResponse:  # fmt: skip
    asked = urlencode({"name": "manual.pdf", "custom_id": "c1", **query})
    url = reverse("admin:livechat_widget_chat_console_files", args=[chat.pk])
    return client.post(f"{url}?{asked}", body, content_type=kind, headers=headers or {})


def refusal(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["type"]


def kept(media: Path) -> list[bytes]:
    return [path.read_bytes() for path in media.rglob("*") if path.is_file()]


def test_it_works(cast: Cast, chat: Chat, media: Path) -> None:
    assert send(browser(cast.ann), chat).status_code == 204
    event = Event.objects.get(chat=chat, type="file")
    assert (event.author, event.content["name"]) == (cast.ann.author_id, "manual.pdf")
    assert (File.objects.get().chat, kept(media)) == (chat, [PDF])


def test_a_retry_adds_nothing(cast: Cast, chat: Chat, media: Path) -> None:
    client = browser(cast.ann)
    for _ in range(2):
        assert send(client, chat).status_code == 204
    assert Event.objects.filter(chat=chat, type="file").count() == len(kept(media)) == 1


def test_it_refuses_who_is_not_in_the_chat(cast: Cast, chat: Chat, media: Path) -> None:
    """And keeps nothing of it."""
    bob = cast.agent("Bob")
    assert refusal(send(browser(bob), chat)) == (403, "authorization")
    assert (kept(media), File.objects.count()) == ([], 0)
    stranger = Cast().ann
    assert refusal(send(browser(stranger), chat)) == (404, "not_found")
    assert kept(media) == []


def test_it_refuses_a_page_of_another_site(cast: Cast, chat: Chat, media: Path) -> None:
    """Without Django's token, and without receiving the file for that."""
    client = browser(cast.ann, enforce_csrf_checks=True)
    assert send(client, chat).status_code == 403
    page = client.get(reverse("admin:livechat_widget_chat_console"))
    token = page.context["csrf_token"]
    assert send(client, chat, headers={"X-CSRFToken": str(token)}).status_code == 204
    assert kept(media) == [PDF]


@override_settings(LIVECHAT={"FILE_STORAGE": "default", "MAX_FILE_BYTES": 1000})
def test_it_refuses_what_is_too_large(cast: Cast, chat: Chat, media: Path) -> None:
    client = browser(cast.ann)
    for size in (1001, 100_000):
        assert refusal(send(client, chat, PDF.ljust(size))) == (413, "entity_too_large")
    assert send(client, chat, PDF.ljust(1000)).status_code == 204


@pytest.mark.parametrize(
    ("body", "kind", "query"),
    [
        (b"", "application/octet-stream", {}),
        (PDF, "application/pdf", {}),
        (PDF, "multipart/form-data; boundary=x", {}),
        (PDF, "application/octet-stream", {"custom_id": ""}),
        (PDF, "application/octet-stream", {"name": "a" * 10_000}),
    ],
)
def test_it_refuses_what_is_no_file(
    cast: Cast, chat: Chat, body: bytes, kind: str, query: dict[str, str]
) -> None:
    assert refusal(send(browser(cast.ann), chat, body, kind, **query)) == (400, "validation")


def test_the_button_is_there_where_files_are_taken(cast: Cast, chat: Chat) -> None:
    client = browser(cast.ann)
    url = reverse("admin:livechat_widget_chat_console_chat", args=[chat.pk])
    assert "lc-attach" in client.get(url).content.decode()
    with override_settings(LIVECHAT={}):
        assert "lc-attach" not in client.get(url).content.decode()
