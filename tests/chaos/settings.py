"""Settings of the workers under chaos.

CHAOS_DATABASE  postgresql://… or sqlite:///path
CHAOS_REDIS     redis://…; without it the in-memory layer of a single process
CHAOS_LAYER     "pubsub" (default) or "core"
CHAOS_WORKER    folder of the worker's control and effect files; absent where nothing is injected
"""

import os
from urllib.parse import urlsplit

from tests.databases import SQLITE_OPTIONS
from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

where = urlsplit(os.environ["CHAOS_DATABASE"])
INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos"]
ROOT_URLCONF = "tests.urls"
DEBUG = False

if where.scheme == "sqlite":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": where.path,
            "OPTIONS": SQLITE_OPTIONS,
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": where.path.lstrip("/"),
            "USER": where.username,
            "HOST": where.hostname,
            "PORT": where.port,
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 16, "timeout": 5}},
        }
    }

if redis := os.environ.get("CHAOS_REDIS"):
    core = os.environ.get("CHAOS_LAYER") == "core"
    real = (
        f"channels_redis.{'core.RedisChannelLayer' if core else 'pubsub.RedisPubSubChannelLayer'}"
    )
    # The shortest life that the core layer takes for a group: a socket outlives it in every trial.
    options = {"group_expiry": 3} if core else {}
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "tests.chaos.layer.ChaosLayer",
            "CONFIG": {"real": real, "hosts": [redis], "prefix": "chaos", **options},
        }
    }

# The soak's speakers write faster than people.
LIVECHAT = {
    "ORGANIZATION_NAME": "Chaos",
    "REQUESTS_PER_SECOND": 10_000,
    "SENDS_PER_SECOND": 10_000,
    "SOCKETS_PER_CUSTOMER": 1000,
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
