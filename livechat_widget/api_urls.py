"""The protocol, to be included where its clients look for it. No slash ends a path."""

from django.urls import include, path, re_path

from .actions.customer import http, tickets, token
from .pages import files
from .pages import token as token_page
from .pages.socket import socket_view
from .sockets.customer import CustomerConnection

app_name = "livechat_api"
# Where this is a host's whole URLconf.
handler400, handler404, handler500 = http.malformed, http.absent, http.broken
_addresses = [
    re_path(
        r"^v(?P<version>[0-9.]{1,10})/customer/rtm/ws$",
        socket_view(CustomerConnection),
        name="customer_rtm",
    ),
    # Whatever follows is answered here, in JSON: neither Django's 404 nor its redirects are.
    re_path(
        r"^(?:v(?P<version>[^/]*)/)?customer/action(?:/(?P<name>(?s:.*)))?\Z",
        http.serve,
        name="customer_action",
    ),
    path("customer/files/<str:token>", files.show, name="file"),
    path("customer/token", token.grant, name="token"),
    path("v2/customer/token", token.grant, name="token_v2"),
    path("v2/customer/logout", token.log_out, name="logout"),
    path("v2/tickets/new", tickets.create, name="tickets"),
    path("customer", token_page.show, name="token_page"),
    path(
        "licence/g<int:license_id>_<int:group>/customer", token_page.show, name="token_page_group"
    ),
]
urlpatterns = [
    *_addresses,
    # Published clients whose host is set by their environment put such a segment in front.
    re_path(r"^[^/]*\.livechatinc\.com/", include((_addresses, "livechat_api_behind"))),
]
