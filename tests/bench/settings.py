"""The demo as it would go into production: no DEBUG, PostgreSQL with a pool, Redis for hints."""

import json
import os

from demo_site.settings import *  # noqa: F403

DEBUG = False
DATABASES = {"default": json.loads(os.environ["BENCH_DATABASE"])}
CHANNEL_LAYERS = json.loads(os.environ["BENCH_LAYERS"])
# Few connections write what many people would, and a hundred tabs belong to one visitor.
LIVECHAT = LIVECHAT | {  # noqa: F405
    "REQUESTS_PER_SECOND": 100_000,
    "SENDS_PER_SECOND": 100_000,
    "SOCKETS_PER_CUSTOMER": 10_000,
}
