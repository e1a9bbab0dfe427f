"""Which pages may talk to us: the site's own, and those that the organization trusts."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.http.request import split_domain_port, validate_host

from .conf import settings
from .errors import NotAllowed
from .models import Organization


def is_allowed_host(host: str) -> bool:
    """Whether a Host header is one of ALLOWED_HOSTS, by Django's own rule."""
    domain, _ = split_domain_port(host)
    debug_hosts = [".localhost", "127.0.0.1", "[::1]"] if django_settings.DEBUG else []
    return bool(domain) and validate_host(domain, django_settings.ALLOWED_HOSTS or debug_hosts)


def is_own(origin: str, host: str) -> bool:
    """The page is on the host that was asked; what is no browser sends no Origin at all."""
    if not is_allowed_host(host):
        return False
    return not origin or urlsplit(origin).netloc.lower() == host.lower()


def is_trusted(origin: str, host: str, trusted: Iterable[str] = ()) -> bool:
    """An own page, or one of TRUSTED_ORIGINS or of the organization's trusted origins."""
    if is_own(origin, host):
        return True
    known = {one.lower().rstrip("/") for one in (*settings.TRUSTED_ORIGINS, *trusted)}
    return is_allowed_host(host) and origin.lower() in known


def origin_of(url: str) -> str:
    """Of a page's address; ``null``, which nobody trusts, where it has none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else "null"


def check_origin(origin: str, host: str, organization: Organization) -> None:
    """Raise ``NotAllowed``, saying what to add where, for a page that is not trusted."""
    if not is_trusted(origin, host, organization.trusted_origins):
        raise NotAllowed(
            f"The origin {origin} is not trusted. Add it to the trusted origins of the"
            " organization in the admin, or to LIVECHAT['TRUSTED_ORIGINS']."
        )
