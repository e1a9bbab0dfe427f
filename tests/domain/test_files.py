"""Files find their chat, and go when nobody needs them."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.utils.timezone import now

from livechat_widget.delivery import links
from livechat_widget.domain import edits, events, files, uploads
from livechat_widget.errors import ValidationFailed
from livechat_widget.models import Chat, Customer, Event, File
from livechat_widget.protocol.events import NewFile
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("media")

PDF = b"%PDF-1.4 a manual"


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer()


@pytest.fixture
def chat(cast: Cast, vera: Customer) -> Chat:
    return cast.chat(vera)


def take(uploader: Any) -> File:
    return uploads.take(uploader, io.BytesIO(PDF), "a.pdf")


def send(chat: Chat, author: Any, file: File) -> Event:
    return events.send(chat.pk, author, NewFile(url=files.address(file))).event


def grow_old(file: File, **age: float) -> None:
    File.objects.filter(pk=file.pk).update(created_at=now() - timedelta(**age))


def kept(media: Path) -> list[str]:
    return [path.name for path in media.rglob("*") if path.is_file()]


def test_it_works(chat: Chat, vera: Customer) -> None:
    file = take(vera)
    send(chat, vera, file)
    file.refresh_from_db()
    assert (file.chat, file.attached_at is None) == (chat, False)


def test_an_agent_sends_one_too(cast: Cast, chat: Chat, vera: Customer) -> None:
    cast.reply(chat, "Here it is:")
    file = take(cast.ann)
    with pytest.raises(ValidationFailed, match="not a file that you uploaded"):
        send(chat, vera, file)
    send(chat, cast.ann, file)


def test_a_file_is_of_one_chat(cast: Cast, chat: Chat) -> None:
    """The same chat gets it twice, another chat does not, and keeps nothing half."""
    cast.reply(chat, "Here it is:")
    other = cast.chat()
    cast.reply(other, "And here:")
    file = take(cast.ann)
    for _ in range(2):
        send(chat, cast.ann, file)
    with pytest.raises(ValidationFailed):
        send(other, cast.ann, file)
    assert not Event.objects.filter(chat=other, type="file").exists()


def test_an_event_is_edited_to_hold_another(chat: Chat, vera: Customer) -> None:
    first, second = take(vera), take(vera)
    event = send(chat, vera, first)
    new = NewFile(url=files.address(second))
    edits.edit(chat.pk, event.thread_id, str(event.pk), vera, new)
    second.refresh_from_db()
    assert second.chat == chat


def test_it_refuses_an_address_that_is_too_old(
    chat: Chat, vera: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = files.address(take(vera))
    start = links.time()
    monkeypatch.setattr(links, "time", lambda: start + 22 * 3600)
    assert files.find_own(url, vera)
    monkeypatch.setattr(links, "time", lambda: start + 24 * 3600 + 1)
    with pytest.raises(ValidationFailed):
        files.find_own(url, vera)


def test_it_removes_what_nobody_sent_within_a_day(vera: Customer, media: Path) -> None:
    file = take(vera)
    grow_old(file, hours=23)
    assert (files.remove_unused(), len(kept(media))) == (0, 1)
    grow_old(file, hours=25)
    assert (files.remove_unused(), kept(media)) == (1, [])
    assert not File.objects.exists()


def test_it_leaves_what_is_in_a_chat(chat: Chat, vera: Customer, media: Path) -> None:
    file = take(vera)
    send(chat, vera, file)
    grow_old(file, days=400)
    assert (files.remove_unused(), len(kept(media))) == (0, 1)


def test_it_removes_the_files_of_a_chat_that_was_deleted(
    chat: Chat, vera: Customer, media: Path
) -> None:
    send(chat, vera, take(vera))
    vera.delete()
    assert (files.remove_unused(), kept(media)) == (1, [])


def test_it_removes_what_a_killed_process_has_left(vera: Customer, media: Path) -> None:
    """The row is there before the bytes, and says where they would be."""
    file = take(vera)
    File.objects.filter(pk=file.pk).update(status=File.Status.RECEIVING)
    grow_old(file, hours=25)
    assert (files.remove_unused(), kept(media)) == (1, [])


def test_nothing_is_looked_for_where_no_storage_is_named(vera: Customer, settings: Any) -> None:
    """Files from before stay until there is one again; nobody gets them meanwhile."""
    file = take(vera)
    grow_old(file, hours=25)
    settings.LIVECHAT = {}
    assert files.remove_unused() == 0
    assert files.find_shared(files.address(file).rpartition("/")[2]) is None


def test_quarantine_lasts_for_a_month(vera: Customer, media: Path) -> None:
    file = take(vera)
    File.objects.filter(pk=file.pk).update(status=File.Status.QUARANTINED)
    grow_old(file, days=29)
    assert files.remove_unused() == 0
    grow_old(file, days=31)
    assert (files.remove_unused(), kept(media)) == (1, [])


def test_what_is_being_removed_is_not_sent_any_more(
    chat: Chat, vera: Customer, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The storage is away when it is removed: no event may be about it, and it is tried again."""
    file = take(vera)
    url = files.address(file)
    grow_old(file, hours=25)
    with monkeypatch.context() as away:
        away.setattr(FileSystemStorage, "delete", lambda self, name: 1 / 0)
        files.remove_unused()
    assert len(kept(media)) == 1
    with pytest.raises(ValidationFailed):
        files.find_own(url, vera)
    with pytest.raises(ValidationFailed):
        files.attach(file.pk.hex, chat.pk)
    files.remove_unused()
    assert (kept(media), File.objects.count()) == ([], 0)
