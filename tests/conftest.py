"""What every test may ask for: a cast, a database to share with servers, servers, clients."""

import datetime
import ipaddress
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases

import tests.web  # noqa: F401 - no test asks the real one
from tests.cast import Cast
from tests.servers import Server, start_server


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker
) -> Iterator[None]:
    """The test database, also where no test is marked: those with a server are not."""
    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        yield
        connections.close_all()
        end_sessions()
        teardown_databases(databases, verbosity=0)
        shutil.rmtree(settings.EMAIL_FILE_PATH, ignore_errors=True)
        shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def end_sessions() -> None:
    """PostgreSQL notices a moment late that a server is gone, and drops no database in use."""
    if connection.vendor == "postgresql":
        connection.close_pool()
        with connection._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s",
                [connection.settings_dict["NAME"]],
            )


@pytest.fixture
def shared_db(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The database as the servers see it: what a test writes is committed, and stays.

    Every test makes an organization of its own, so what stays is in nobody's way.
    """
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[Server]:
    """One daphne for the whole run, on the test database."""
    with start_server() as one:
        yield one


@pytest.fixture(autouse=True)
def needed_database(request: pytest.FixtureRequest) -> None:
    """Tests marked ``postgres`` run in the PostgreSQL lane only."""
    if request.node.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("runs in the PostgreSQL lane: LIVECHAT_TEST_DATABASE=postgres")


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """A folder alone for files whose rows are rolled back, and nothing counted yet."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    """An organization with Ann, who answers, and visitors to come; rolled back afterwards."""
    return Cast()


@pytest.fixture
def live_cast(shared_db: None) -> Cast:
    """The same, for tests that talk to a server."""
    return Cast()


@pytest.fixture(scope="session")
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
