"""Which pages may talk to us, and at which host an organization is found.

Its own site's pages always may, and those that the organization or the settings trust.
"""

import re
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings as django_settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

from .conf import settings
from .errors import NotAllowed, OrganizationNotFound
from .models import Organization

# Scheme and host, with or without a port; all hosts below one by a star. No more than a policy for
# frames may hold, since it goes there as it is.
_ORIGIN = re.compile(
    r"https?://(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*"
    r"|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?"
)


def is_origin(text: object) -> bool:
    """Whether it can be trusted at all; a slash at its end is forgiven."""
    return isinstance(text, str) and bool(_ORIGIN.fullmatch(_plain(text)))


def all_trusted(organization: Organization | None) -> list[str]:
    """Of the settings and the organization: those that are origins."""
    listed = organization.trusted_origins if organization else []
    own = listed if isinstance(listed, list) else []
    return [_plain(one) for one in (*settings.TRUSTED_ORIGINS, *own) if is_origin(one)]


def is_allowed_host(host: str) -> bool:
    """Whether a Host header is one of ALLOWED_HOSTS, by Django's own rule."""
    domain, _ = split_domain_port(host)
    debug_hosts = [".localhost", "127.0.0.1", "[::1]"] if django_settings.DEBUG else []
    return bool(domain) and validate_host(domain, django_settings.ALLOWED_HOSTS or debug_hosts)


def is_own(origin: str, host: str, *, secure: bool = False) -> bool:
    """The page is on the host that was asked; what is no browser sends no Origin at all.

    Where we are asked by HTTPS the page came by it too: the other one may be anybody's who sits on
    the line.
    """
    if not is_allowed_host(host):
        return False
    parts = urlsplit(origin)
    return not origin or (
        parts.netloc.lower() == host.lower() and not (secure and parts.scheme != "https")
    )


def is_trusted(
    origin: str, host: str, organization: Organization | None, *, secure: bool = False
) -> bool:
    """An own page, or one of TRUSTED_ORIGINS or of the organization's trusted origins."""
    if is_own(origin, host, secure=secure):
        return True
    known = all_trusted(organization)
    return is_allowed_host(host) and any(_matches(origin.lower(), one) for one in known)


def origin_of(url: str) -> str:
    """Of a page's address; ``null``, which nobody trusts, where it has none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else "null"


def check_request(request: HttpRequest, organization: Organization, origin: str = "") -> None:
    """The same for a request, and its Origin where no other ``origin`` is meant."""
    origin = origin or request.headers.get("Origin", "")
    check_origin(origin, request.get_host(), organization, secure=request.is_secure())


def check_origin(
    origin: str, host: str, organization: Organization, *, secure: bool = False
) -> None:
    """Raise ``NotAllowed``, saying what to add where, for a page that is not trusted.

    Raise ``OrganizationNotFound`` at the site of another organization.
    """
    if not is_allowed_host(host):
        raise NotAllowed(f"The host {host} is not one of ALLOWED_HOSTS; add it there.")
    check_host(host, organization)
    if not is_trusted(origin, host, organization, secure=secure):
        raise NotAllowed(
            f"The origin {origin} is not trusted. Add it to the trusted origins of the"
            " organization in the admin, or to LIVECHAT['TRUSTED_ORIGINS']."
        )


def check_host(host: str, organization: Organization) -> None:
    """Sites of one deployment share nothing: each serves its own organization.

    A host that is no site, such as one for the protocol alone, serves all of them.
    """
    site_id = site_at(host)
    if site_id in (None, organization.site_id):
        return
    if organization not in served_at(host):
        raise OrganizationNotFound(
            "This host is the site of another organization; ask at the site of yours, or set its"
            " site id in the admin."
        )


def served_at(host: str) -> QuerySet[Organization]:
    """The organization of the site at the host; where it has none, those that are of no site."""
    site_id, everybody = site_at(host), Organization.objects.order_by("pk")
    if site_id is None:
        return everybody
    own = everybody.filter(site_id=site_id)
    return own if own.exists() else everybody.filter(site_id=None)


def site_at(host: str) -> int | None:
    """The id of the site at a host, by SITE_ID or by name; None where sites are not installed."""
    if not apps.is_installed("django.contrib.sites"):
        return None
    from django.contrib.sites.models import Site  # has a model: only where installed

    request = HttpRequest()
    request.META["HTTP_HOST"] = host
    try:
        return int(Site.objects.get_current(request).pk)
    except (Site.DoesNotExist, ValueError):
        return None


def _plain(origin: str) -> str:
    return origin.lower().removesuffix("/")


def _matches(origin: str, trusted: str) -> bool:
    if "://*." not in trusted:
        return origin == trusted
    scheme, _, domain = trusted.partition("://*.")
    parts = urlsplit(origin)
    below = parts.netloc.endswith(f".{domain}") and is_origin(origin) and "*" not in origin
    return parts.scheme == scheme and below
