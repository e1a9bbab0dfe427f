"""The settings of docs/deploy.md on the services of a fleet: SCALE_DATABASE, SCALE_REDIS."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from tests.scale.recipe import settings_source
from tests.settings import *  # noqa: F403

BASE_DIR = Path(__file__).parent
exec(settings_source())

where = urlsplit(os.environ["SCALE_DATABASE"])
DATABASES["default"] |= {  # noqa: F405
    "NAME": where.path.lstrip("/"),
    "USER": where.username,
    "HOST": where.hostname,
    "PORT": where.port,
}
CHANNEL_LAYERS["default"]["CONFIG"]["hosts"] = [os.environ["SCALE_REDIS"]]  # noqa: F405
# Without TLS, on a port that nobody knows before.
ALLOWED_HOSTS = ["127.0.0.1"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
