"""Addresses of visitors: they are compared, and therefore kept as keyed digests only."""

from ipaddress import ip_address, ip_network

from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def digest(address: str) -> str:
    """Of an IPv6 address only the network counts: a single customer has 2^64 of them."""
    try:
        if ip_address(address).version == 6:
            address = str(ip_network(f"{address}/64", strict=False))
    except ValueError:
        pass  # a server behind a Unix socket knows no address
    return salted_hmac("livechat_widget.address", address, algorithm="sha256").hexdigest()[:32]


def of_visitor(address: str) -> str:
    """The same; empty for what is no visitor's: a proxy beside us that names nobody."""
    try:
        return "" if ip_address(address).is_loopback else digest(address)
    except ValueError:
        return ""


def of_request(request: HttpRequest) -> str:
    return of_visitor(request.META.get("REMOTE_ADDR", ""))
