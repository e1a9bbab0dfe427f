"""The official Python client of the protocol, unmodified, over TLS."""

import datetime
import ipaddress
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from livechat.customer.rtm.base import CustomerRTM

from livechat_widget.models import Event
from tests.cast import Cast
from tests.servers import Server, start_server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "livechat_widget test")])
    now = datetime.datetime.now(datetime.UTC)
    host = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture(scope="module")
def tls_server(django_db_setup: None, certificate: tuple[Path, Path]) -> Iterator[Server]:
    with start_server("uvicorn", certificate=certificate) as one:
        yield one


def test_it_works(tls_server: Server, live_cast: Cast) -> None:
    customer = live_cast.customer(name="Vera")
    client = CustomerRTM.get_client(
        organization_id=str(live_cast.organization.organization_id),
        version="3.5",
        base_url=f"127.0.0.1:{tls_server.port}/livechat",
    )
    client.open_connection()
    try:
        login = client.login(token=live_cast.token(customer))
        assert login.success, login
        assert login.payload["customer"]["name"] == "Vera"
        started = client.start_chat(
            chat={"thread": {"events": [{"type": "message", "text": "Hello"}]}}
        )
        assert started.success, started
        chat_id = started.payload["chat_id"]
        sent = client.send_event(chat_id=chat_id, event={"type": "message", "text": "Bye"})
        assert sent.success, sent
        assert Event.objects.get(pk=sent.payload["event_id"]).chat_id == chat_id
        shown = client.get_chat(chat_id=chat_id)
        assert [event["text"] for event in shown.payload["thread"]["events"]] == ["Hello", "Bye"]
        pushes = [frame["action"] for frame in client.ws.messages if frame["type"] == "push"]
        assert "incoming_chat" in pushes
        refused = client.send_event(chat_id="ABSENT2345", event={"type": "message", "text": "x"})
        assert refused.success is False
        assert refused.payload["error"]["type"] == "not_found"
    finally:
        client.close_connection()
