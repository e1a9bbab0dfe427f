"""A transcript is mailed once, after the chat; requests survive whatever happens to a process."""

from datetime import timedelta
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from django.core import mail
from django.db.models import F
from django.template.loader import get_template
from django.test import override_settings
from django.utils.timezone import now

from livechat_widget.domain import chats, customers, events, jobs, mails, properties
from livechat_widget.domain.properties import Place
from livechat_widget.errors import NotAllowed, TooManyRequests, ValidationFailed
from livechat_widget.models import Chat, Customer, Event, Lease, Mail, StreamEntry, Thread
from livechat_widget.protocol.events import NewMessage
from tests.cast import Cast

ADDRESS = "vera@example.org"
unreachable = override_settings(
    EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=1,
)


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer(name="Vera")


@pytest.fixture
def chat(cast: Cast, vera: Customer) -> Chat:
    return cast.chat(vera, "Is <b>this</b> on? https://shop.example/")


def ask(vera: Customer, chat: Chat, address: str = ADDRESS) -> None:
    thread = Thread.objects.filter(chat=chat).latest("created_at")
    given = {"routing": {"transcript_email": address}}
    properties.update(Place(chat.pk, thread.pk), vera, given)


def notes(chat: Chat) -> list[tuple[str, dict[str, str]]]:
    rows = Event.objects.filter(chat=chat, type="system_message").order_by("created_at")
    return [(row.content["system_message_type"], row.content["text_vars"]) for row in rows]


def parsed() -> Any:
    """The one mail, as its receiver reads it."""
    [sent] = mail.outbox
    return BytesParser(policy=default).parsebytes(sent.message().as_bytes())


def test_it_works(cast: Cast, vera: Customer, chat: Chat) -> None:
    cast.reply(chat, "Yes, it is")
    ask(vera, chat)
    assert mails.send_due() == 0
    chats.deactivate(chat.pk, vera)
    Lease.objects.all().delete()  # a server that runs beside this test may hold it
    assert jobs.run_due("one")
    words = {"customer": "Vera", "email": ADDRESS}
    assert notes(chat)[0] == ("transcript_requested", words)
    assert notes(chat)[-1] == ("transcript_sent", words)
    entry = StreamEntry.objects.filter(stream=vera.stream).latest("seq")
    assert entry.event is not None
    assert entry.event.content["system_message_type"] == "transcript_sent"
    message = parsed()
    assert message["To"] == ADDRESS
    assert message["Subject"] == f"Your conversation with {cast.organization.name}"
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_body(["plain"]).get_content()
    html = message.get_body(["html"]).get_content()
    assert "Is <b>this</b> on? https://shop.example/" in text
    assert text.index("Vera") < text.index("Is <b>this") < text.index("Yes, it is")
    assert "Is &lt;b&gt;this&lt;/b&gt; on?" in html
    assert "<b>this" not in html
    assert 'href="https://shop.example/"' in html
    assert "Yes, it is" in html
    assert cast.ann.user.email not in text + html


def test_it_is_sent_once(vera: Customer, chat: Chat) -> None:
    ask(vera, chat)
    chats.deactivate(chat.pk, vera)
    assert [mails.send_due(), mails.send_due()] == [1, 0]
    ask(vera, chat)  # it has that value already
    assert mails.send_due() == 0
    assert len(mail.outbox) == 1


def test_what_agents_say_among_themselves_is_not_in_it(
    cast: Cast, vera: Customer, chat: Chat
) -> None:
    secret = cast.reply(chat, "He is a pest")
    Event.objects.filter(pk=secret.pk).update(visibility=Event.Visibility.AGENTS)
    ask(vera, chat)
    chats.deactivate(chat.pk, vera)
    mails.send_due()
    assert b"pest" not in parsed().as_bytes()


def test_it_holds_one_thread(vera: Customer, chat: Chat) -> None:
    chats.deactivate(chat.pk, vera)
    opening = chats.Opening(continuous=True, events=[NewMessage(text="Another thing")])
    chats.resume(chat.pk, vera, opening)
    ask(vera, chat)
    chats.deactivate(chat.pk, vera)
    mails.send_due()
    text = parsed().get_body(["plain"]).get_content()
    assert "Another thing" in text
    assert "shop.example" not in text


def test_it_can_be_asked_for_when_the_chat_has_ended(vera: Customer, chat: Chat) -> None:
    chats.deactivate(chat.pk, vera)
    ask(vera, chat)
    assert mails.send_due() == 1


def test_it_can_be_asked_for_at_the_start(vera: Customer) -> None:
    given = {"routing": {"transcript_email": ADDRESS}}
    opening = chats.Opening(continuous=True, active=False, thread_properties=given)
    chat = chats.start(vera, opening).chat
    assert [kind for kind, _ in notes(chat)] == ["transcript_requested"]
    assert mails.send_due() == 1


def test_the_last_address_counts(vera: Customer, chat: Chat) -> None:
    ask(vera, chat)
    ask(vera, chat, "other@example.org")
    chats.deactivate(chat.pk, vera)
    assert mails.send_due() == 1
    assert mail.outbox[0].to == ["other@example.org"]


def test_it_is_withdrawn_with_its_property(vera: Customer, chat: Chat) -> None:
    ask(vera, chat)
    names = {"routing": ["transcript_email"]}
    properties.delete(Place(chat.pk, chat.last_thread_id), vera, names)
    chats.deactivate(chat.pk, vera)
    assert mails.send_due() == 0
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "vera",
        "vera@",
        "a@b.example\nBcc: c@d.example",
        "a@b.example\r\nX: y",
        "a@b.example, c@d.example",
        "Vera <a@b.example>",
        '"a\x01b"@b.example',
        '"a,c@d.example"@b.example',
        f"{'a' * 250}@b.example",
    ],
)
def test_it_refuses_what_is_no_address(vera: Customer, chat: Chat, address: str) -> None:
    with pytest.raises(ValidationFailed, match="e-mail address"):
        ask(vera, chat, address)
    assert not Mail.objects.exists()
    assert Thread.objects.get(chat=chat).properties == {}


def test_names_make_no_headers(cast: Cast, vera: Customer, chat: Chat) -> None:
    cast.organization.name = "Shop\r\nBcc: everybody@example.org\n\n<script>"
    cast.organization.save()
    customers.update(vera, name="Vera\r\nBcc: x@example.org <i>")
    ask(vera, chat)
    chats.deactivate(chat.pk, vera)
    mails.send_due()
    message = parsed()
    assert message["Bcc"] is None
    assert message["Subject"] == "Your conversation with Shop Bcc: everybody@example.org <script>"
    html = message.get_body(["html"]).get_content()
    assert "<script>" not in html
    assert "<i>" not in html


def test_no_agent_sends_somebody_a_transcript(cast: Cast, chat: Chat) -> None:
    given = {"routing": {"transcript_email": ADDRESS}}
    with pytest.raises(NotAllowed):
        properties.update(Place(chat.pk, chat.last_thread_id), cast.ann, given)


def test_a_chat_has_only_so_many_a_day(cast: Cast, vera: Customer, chat: Chat) -> None:
    for number in range(5):
        ask(vera, chat, f"{number}@example.org")
    with pytest.raises(TooManyRequests):
        ask(vera, chat, "5@example.org")
    other = cast.customer()
    ask(other, cast.chat(other))
    Event.objects.update(created_at=F("created_at") - timedelta(days=1))
    ask(vera, chat, "5@example.org")


def test_the_chat_is_told_when_it_is_sent_in_the_end(vera: Customer, chat: Chat) -> None:
    ask(vera, chat)
    chats.deactivate(chat.pk, vera)
    with unreachable:
        mails.send_due()
    assert mails.send_due() == 0
    assert notes(chat)[-1][0] == "manual_archived_customer"
    Mail.objects.update(due_at=now())
    assert mails.send_due() == 1
    assert notes(chat)[-1][0] == "transcript_sent"


def test_a_broken_template_is_tried_again(
    vera: Customer, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(vera, chat)
    chats.deactivate(chat.pk, vera)
    with monkeypatch.context() as broken:
        broken.setattr("livechat_widget.domain.transcript_mail._FOLDER", "nowhere")
        assert mails.send_due() == 0
    waiting = Mail.objects.get()
    assert (waiting.attempts, "TemplateDoesNotExist" in waiting.error) == (1, True)
    Mail.objects.update(due_at=now())
    assert mails.send_due() == 1


def test_it_is_written_in_the_language_of_the_customer(vera: Customer, chat: Chat) -> None:
    ask(vera, chat)
    chats.deactivate(chat.pk, vera)
    customers.set_language(vera, "xx, ar;q=0.8, de;q=0.5")
    mails.send_due()
    html = parsed().get_body(["html"]).get_content()
    assert '<html lang="ar" dir="rtl">' in html


@pytest.mark.parametrize("wanted", ["", "xx", "../../etc", "e" * 3000, "*"])
def test_a_language_that_the_site_does_not_speak_changes_nothing(
    vera: Customer, wanted: str
) -> None:
    customers.set_language(vera, "de-AT")
    customers.set_language(vera, wanted)
    assert Customer.objects.get(pk=vera.pk).language == "de"


def test_a_very_long_thread_is_shortened(
    vera: Customer, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livechat_widget.domain.transcript_mail.MOST_EVENTS", 3)
    for number in range(3):
        events.send(chat.pk, vera, NewMessage(text=f"line {number}"))
    ask(vera, chat)
    chats.deactivate(chat.pk, vera)
    mails.send_due()
    text = parsed().get_body(["plain"]).get_content()
    assert "The beginning is left out." in text
    assert "line 2" in text
    assert "line 0" not in text


def test_its_templates_are_files_of_their_own() -> None:
    for name in ("transcript_subject.txt", "transcript.txt", "transcript.html"):
        assert get_template(f"livechat_widget/mail/{name}")
