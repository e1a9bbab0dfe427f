"""What the workers run: the product, seen through the failpoints of its wire."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.chaos.settings")

from django.core.asgi import get_asgi_application  # noqa: E402

django = get_asgi_application()

from livechat_widget.asgi import with_livechat  # noqa: E402 - it needs the apps loaded
from tests.chaos.failpoints import watch  # noqa: E402

application = watch(with_livechat(django))
