"""The demo as it would go into production: no DEBUG, PostgreSQL with a pool, Redis for hints."""

import json
import os

from demo_site.settings import *  # noqa: F403

DEBUG = False
DATABASES = {"default": json.loads(os.environ["BENCH_DATABASE"])}
CHANNEL_LAYERS = json.loads(os.environ["BENCH_LAYERS"])
