"""Mails are sent by the ticker, tried again for a while, and cannot grow headers."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.test import override_settings
from django.utils.timezone import now

from livechat_widget.domain import alarm, jobs, mails
from livechat_widget.models import Lease, Mail

BROKEN = {"EMAIL_BACKEND": f"{__name__}.BrokenBackend"}


class BrokenBackend(EmailBackend):
    """A mail server that is down, and counts who knocks."""

    knocks = 0

    def send_messages(self, messages):
        BrokenBackend.knocks += 1
        raise ConnectionRefusedError("nobody is there")


def let_time_pass() -> None:
    Mail.objects.exclude(due_at=None).update(due_at=now() - timedelta(seconds=1))


@pytest.mark.usefixtures("db")
def test_it_works() -> None:
    mails.write("ann@example.org", "Hello", "Text", reply_to="Vera <vera@example.org>")
    assert outbox.outbox == []
    Lease.objects.all().delete()  # a server that runs beside this test may hold it
    jobs.run_due("me")
    [sent] = outbox.outbox
    assert (sent.to, sent.subject, sent.body) == (["ann@example.org"], "Hello", "Text")
    assert sent.reply_to == ["Vera <vera@example.org>"]
    assert not Mail.objects.exists()
    assert mails.send_due() == 0


@pytest.mark.usefixtures("db")
def test_the_timed_jobs_are_woken_with_the_commit(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[bool] = []
    monkeypatch.setattr(alarm, "_ring", lambda: rung.append(True))
    with django_capture_on_commit_callbacks(execute=True):
        mails.write("ann@example.org", "Hello", "Text")
        assert not rung
    assert rung == [True]


@pytest.mark.usefixtures("db")
def test_it_tries_again_later_and_then_gives_up() -> None:
    waiting = mails.write("ann@example.org", "Hello", "Text")
    pauses = []
    with override_settings(**BROKEN):
        for _attempt in range(mails.MOST_ATTEMPTS):
            assert mails.send_due() == 0
            waiting.refresh_from_db()
            pauses.append(waiting.due_at and round((waiting.due_at - now()).total_seconds()))
            assert mails.send_due() == 0  # not due yet
            let_time_pass()
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, None]
    assert (waiting.attempts, "nobody is there" in waiting.error) == (10, True)
    let_time_pass()
    assert mails.send_due() == 0
    assert outbox.outbox == []


@pytest.mark.usefixtures("db")
def test_a_later_attempt_succeeds() -> None:
    mails.write("ann@example.org", "Hello", "Text")
    with override_settings(**BROKEN):
        mails.send_due()
    let_time_pass()
    assert mails.send_due() == 1
    assert len(outbox.outbox) == 1


@pytest.mark.usefixtures("db")
def test_a_server_that_is_down_is_knocked_at_once_a_round() -> None:
    for number in range(3):
        mails.write("ann@example.org", str(number), "Text")
    before = BrokenBackend.knocks
    with override_settings(**BROKEN):
        mails.send_due()
    assert BrokenBackend.knocks == before + 1
    assert mails.send_due() == 2  # the one that failed waits, the others do not


@pytest.mark.usefixtures("db")
def test_what_somebody_else_is_sending_is_left_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    mails.write("ann@example.org", "Hello", "Text")
    connect = mails._connect

    def overtaken():
        """Another process claims the mail between our look and our claim."""
        mails._claim(Mail.objects.get())
        return connect()

    monkeypatch.setattr(mails, "_connect", overtaken)
    assert mails.send_due() == 0
    assert outbox.outbox == []


@pytest.mark.usefixtures("db")
def test_one_that_kills_every_process_is_given_up() -> None:
    mails.write("ann@example.org", "Hello", "Text")
    for _attempt in range(mails.MOST_ATTEMPTS):
        assert mails._claim(Mail.objects.get())  # and here the process died
        assert mails.send_due() == 0
        let_time_pass()
    assert mails.send_due() == 0
    assert Mail.objects.get().due_at is None


@pytest.mark.usefixtures("db")
def test_a_second_copy_has_the_same_message_id() -> None:
    mails.write("ann@example.org", "Hello", "Text")
    written = Mail.objects.get()
    assert mails.send_due() == 1
    written.save(force_insert=True)  # as if it had died before its own commit
    mails.write("ann@example.org", "Another", "Text")
    assert mails.send_due() == 2
    first, again, other = (one.message()["Message-ID"] for one in outbox.outbox)
    assert first == again != other


@pytest.mark.usefixtures("db")
def test_headers_stay_one_line_each() -> None:
    evil = "Hi\r\nBcc: all@example.org\x00\u2028X"
    mails.write("ann@example.org", evil, "Text\r\nwith lines", reply_to=f"{evil} <a@example.org>")
    assert mails.send_due() == 1
    [sent] = outbox.outbox
    assert sent.subject == "Hi Bcc: all@example.org X"
    assert sent.reply_to == ["Hi Bcc: all@example.org X <a@example.org>"]
    assert sent.recipients() == ["ann@example.org"]
    assert "\nBcc" not in sent.message().as_string()


def test_an_smtp_server_is_not_waited_for_without_end() -> None:
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=smtp):
        assert mails._connect().timeout == 10
    with override_settings(EMAIL_BACKEND=smtp, EMAIL_TIMEOUT=3):
        assert mails._connect().timeout == 3
