"""
Settings of the test suite and of the servers that its tests start.

LIVECHAT_TEST_DATABASE  "sqlite" (default) or "postgres"
LIVECHAT_TEST_POSTGRES  where PostgreSQL is: postgresql://[user[:password]@]host[:port]
LIVECHAT_TEST_LAYER     "memory" (default) or "redis"
LIVECHAT_TEST_REDIS     where Redis is: redis://host:port/db
LIVECHAT_TEST_METRICS_TOKEN  set for a server that a test started and asks for its metrics
LIVECHAT_TEST_SETTINGS  members of LIVECHAT, as JSON, for a server that a test started
LIVECHAT_TEST_SITES     "1" for a server with django.contrib.sites
LIVECHAT_TEST_DB_NAME   set for a server that a test started: the test's own database
"""

import json
import os
import tempfile
from pathlib import Path

from tests.databases import RUN, postgres, sqlite
from tests.services import REDIS_URL

SECRET_KEY = "for tests only"
DEBUG = os.environ.get("LIVECHAT_TEST_DEBUG") == "1"
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "django_htmx",
    "livechat_widget",
]
if os.environ.get("LIVECHAT_TEST_SITES") == "1":
    INSTALLED_APPS += ["django.contrib.sites"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "tests.urls"
ASGI_APPLICATION = "livechat_widget.asgi.application"
STATIC_URL = "static/"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
# Hashing a password is no part of any test here, and the slow hash would be most of their time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# What servers send is looked at by tests; pytest's own process keeps its mails in memory.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
EMAIL_FILE_PATH = Path(tempfile.gettempdir()) / f"livechat-test-{RUN}-{WORKER}-mail"

on_postgres = os.environ.get("LIVECHAT_TEST_DATABASE") == "postgres"
DATABASES = {"default": postgres() if on_postgres else sqlite()}

MEMORY_LAYER = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
REDIS_LAYER = {
    "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
    "CONFIG": {
        "hosts": [REDIS_URL],
        # Two workers number their streams alike: each keeps to its own servers.
        "prefix": f"livechat-{RUN}-{WORKER}",
    },
}
on_redis = os.environ.get("LIVECHAT_TEST_LAYER") == "redis"
CHANNEL_LAYERS = {"default": REDIS_LAYER if on_redis else MEMORY_LAYER}

# Tests write from their own process, whose hints no server hears: let reconcilers look often.
LIVECHAT = {
    "LINK_PREVIEWS": True,
    "RECONCILE_SECONDS": float(os.environ.get("LIVECHAT_TEST_RECONCILE", "0.2")),
    "METRICS_TOKEN": os.environ.get("LIVECHAT_TEST_METRICS_TOKEN", ""),
    "FILE_STORAGE": "default",
    # Long enough for the suite, where one customer sends many at once.
    "FILES_PER_MINUTE": 1000,
    # Tests ask faster than people; those of the limits give their own.
    "REQUESTS_PER_SECOND": 10_000,
    "SENDS_PER_SECOND": 10_000,
    **json.loads(os.environ.get("LIVECHAT_TEST_SETTINGS", "{}")),
}

# The servers of a test and pytest's own process keep files in one place.
MEDIA_ROOT = Path(tempfile.gettempdir()) / f"livechat-test-{RUN}-{WORKER}-files"
