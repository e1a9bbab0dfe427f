"""The protocol, to be included where its clients look for it. No slash ends a path."""

from django.urls import path, re_path

from .actions.customer import token
from .pages import token as token_page
from .pages.socket import socket_view
from .protocol.versions import VERSIONS
from .sockets.customer import CustomerConnection

app_name = "livechat_api"
_VERSION = "|".join(name.replace(".", r"\.") for name in VERSIONS)
urlpatterns = [
    re_path(
        rf"^v(?P<version>{_VERSION})/customer/rtm/ws$",
        socket_view(CustomerConnection),
        name="customer_rtm",
    ),
    path("customer/token", token.grant, name="token"),
    path("v2/customer/token", token.grant, name="token_v2"),
    path("customer", token_page.show, name="token_page"),
    path(
        "licence/g<int:license_id>_<int:group>/customer", token_page.show, name="token_page_group"
    ),
]
