"""What the servers of the browser tests run: the app, and its static files."""

import os

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
site = ASGIStaticFilesHandler(get_asgi_application())

import tests.web  # noqa: E402, F401 - they need the apps loaded
from livechat_widget.asgi import with_livechat  # noqa: E402

application = with_livechat(site)
