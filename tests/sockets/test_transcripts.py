"""A transcript is asked for over a socket, and mailed by the server as soon as the chat ends."""

from pathlib import Path

from django.conf import settings

from livechat_widget.models import Lease, Mail
from tests.cast import Cast
from tests.servers import Server
from tests.sockets.conftest import Connect
from tests.sockets.desk import console_client, seq_of


def mails_to(address: str) -> list[str]:
    files = Path(settings.EMAIL_FILE_PATH).glob("*.log")
    return [text for file in files if f"To: {address}" in (text := file.read_text())]


def test_it_works(connect: Connect, live_cast: Cast, server: Server) -> None:
    # One that a test's own server left behind would hold this one up until it lapses.
    Lease.objects.all().delete()
    customer = live_cast.customer(name="Vera")
    chat = live_cast.chat(customer, "Hello <there>")
    address = f"vera@{live_cast.organization.license_id}.example"
    vera, tab, stranger = connect(customer), connect(customer), connect(live_cast.customer())
    place = {"chat_id": chat.pk, "thread_id": chat.last_thread_id}
    given = {"routing": {"transcript_email": address}}
    words = {"customer": "Vera", "email": address}
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        vera.ask_ok("update_thread_properties", {**place, "properties": given})
        for client in (vera, tab, console):
            assert client.push("thread_properties_updated")["payload"]["properties"] == given
            note = client.push("incoming_event")
            assert note["payload"]["event"]["system_message_type"] == "transcript_requested"
            assert note["payload"]["event"]["text_vars"] == words
            assert "request_id" not in note
        vera.ask_ok("deactivate_chat", {"id": chat.pk})
        for client in (vera, tab, console):
            sent = client.wait(
                lambda frame: (
                    frame.get("payload", {}).get("event", {}).get("system_message_type")
                    == "transcript_sent"
                )
            )
            assert sent["payload"]["thread_id"] == chat.last_thread_id
            assert sent["payload"]["event"]["text_vars"] == words
    assert stranger.pushes() == []
    [text] = mails_to(address)
    assert "Hello <there>" in text
    assert "Hello &lt;there&gt;" in text
    assert not Mail.objects.filter(transcript_of=chat.last_thread_id).exists()


def test_it_refuses_an_address_and_too_many(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera = connect(customer)

    def payload(address: str) -> dict[str, object]:
        given = {"routing": {"transcript_email": address}}
        return {"chat_id": chat.pk, "thread_id": chat.last_thread_id, "properties": given}

    wrong = "a@b.example\nBcc: c@d.example"
    assert vera.error("update_thread_properties", payload(wrong))["type"] == "validation"
    for number in range(5):
        vera.ask_ok("update_thread_properties", payload(f"{number}@b.example"))
    error = vera.error("update_thread_properties", payload("5@b.example"))
    assert error["type"] == "too_many_requests"


def test_its_language_is_that_of_the_browser(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    connect(customer, login={"fragments": "de"})
    customer.refresh_from_db()
    assert customer.language == "de"
