"""Addresses that strangers name: whether they are those of a page on the open internet."""

import ipaddress
import re
from urllib.parse import urlsplit

from ..errors import ValidationFailed

PORTS = {"http": 80, "https": 443}
_LONGEST_URL = 2000
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\<>\"^`{|}]")
# What is globally routable by the book, and leads to somewhere private all the same: NAT64, 6to4,
# Teredo, IPv4 in IPv6.
_INWARD = [
    ipaddress.ip_network(network)
    for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
]


def check(url: str) -> str:
    """The host, as it is looked up; raises ``ValidationFailed`` for what is no page's address."""
    if len(url) > _LONGEST_URL or _UNSAFE.search(url):
        raise ValidationFailed(f"url: at most {_LONGEST_URL} characters, without blanks.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        name = host if ":" in host else host.encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise ValidationFailed("url: no address of a page.") from error
    if parts.scheme not in PORTS or not name or set("@%") & set(parts.netloc):
        raise ValidationFailed("url: an address that begins with https:// or http://.")
    if port not in (None, PORTS[parts.scheme]):
        raise ValidationFailed("url: only the ports 80 and 443 are asked.")
    return name


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, looked at from inside IPv6 too."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in network for network in _INWARD) or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast
