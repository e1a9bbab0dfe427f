"""The pages below one prefix, the protocol below another."""

from django.urls import include, path

urlpatterns = [
    path("chat/", include("livechat_widget.page_urls")),
    path("protocol/", include("livechat_widget.api_urls")),
]
