"""The two databases that the suite runs on, as entries of settings.DATABASES."""

import os
import tempfile
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.services import POSTGRES_URL

# One name per run of the suite: its workers and the servers that its tests start inherit it.
RUN = os.environ.setdefault("LIVECHAT_TEST_RUN", str(os.getpid()))
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def sqlite() -> dict[str, Any]:
    """A file, not memory: the servers that tests start open the same one."""
    file = f"{tempfile.gettempdir()}/livechat-test-{RUN}.sqlite3"
    name = os.environ.get("LIVECHAT_TEST_DB_NAME", file)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": SQLITE_OPTIONS,
        "TEST": {"NAME": name},
    }


def postgres() -> dict[str, Any]:
    """A database of this run's own, so that two runs on one machine do not meet."""
    where = urlsplit(POSTGRES_URL)
    name = os.environ.get("LIVECHAT_TEST_DB_NAME", f"livechat_test_{RUN}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(where.username or ""),
        "PASSWORD": unquote(where.password or ""),
        "HOST": unquote(where.hostname or ""),
        "PORT": where.port or "",
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 16, "reconnect_timeout": 5}},
        "TEST": {"NAME": name},
    }
