"""Whom the site knows already: nothing else of the visitors' chat looks at its session."""

from django.http import HttpRequest

from ..domain import identities
from ..domain.identities import Identity
from ..origins import is_own, origin_of


def signed_in(request: HttpRequest) -> Identity | None:
    """The user of the site who looks at a page of it; asked on no page of another site.

    There a cookie that came along says who is signed in, but not that they meant to be known.
    """
    user = getattr(request, "user", None)
    if user is None or not _is_same_site(request) or not user.is_authenticated:
        return None
    return identities.of_user(user)


def _is_same_site(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is None:  # an older browser, or plain HTTP: there is no more than this
        referrer = request.headers.get("Referer", "")
        return bool(referrer) and is_own(
            origin_of(referrer), request.get_host(), secure=request.is_secure()
        )
    return site in ("same-origin", "same-site", "none")
