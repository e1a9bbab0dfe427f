"""Settings of the stock servers, as a careful project would have them."""

import json
import os

SECRET_KEY = "the stock servers sign nothing"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["channels", "tests.bench.stock.apps.StockConfig"]
ASGI_APPLICATION = "tests.bench.stock.asgi.application"
ROOT_URLCONF = "tests.bench.stock.asgi"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Kept connections: with a new one for each query the control would be five times slower.
DATABASES = {"default": {**json.loads(os.environ["BENCH_DATABASE"]), "CONN_MAX_AGE": None}}
# The echo runs without a layer, which is the faster way to run it.
CHANNEL_LAYERS = json.loads(os.environ.get("BENCH_LAYERS", "{}"))
