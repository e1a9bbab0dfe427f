"""Everything under one prefix: ``path("livechat/", include("livechat_widget.urls"))``."""

from django.urls import include, path

urlpatterns = [
    path("", include("livechat_widget.page_urls")),
    path("", include("livechat_widget.api_urls")),
]
