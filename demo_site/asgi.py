"""The door for daphne: the shop and its static files, and the chat's sockets in front of both."""

import os

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo_site.settings")
site = ASGIStaticFilesHandler(get_asgi_application())

from livechat_widget.asgi import with_livechat  # noqa: E402 - it needs the apps loaded

application = with_livechat(site)  # livechat
