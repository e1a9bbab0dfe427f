"""Acts: small POSTs that answer 204, or an error that may be shown as it is.

What an act changes comes to every page by its socket, so an act itself says nothing. A plain form
post, of a page without scripts, leads back to the page.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, get_type_hints

import msgspec
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError, transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from msgspec import Struct

from ..conf import settings
from ..domain import addresses, tokens
from ..errors import EntityTooLarge, LivechatError, ServiceUnavailable, ValidationFailed
from ..models import Customer
from ..origins import check_host
from ..protocol.times import parse_time

S = TypeVar("S", bound=Struct)
Door = Callable[..., HttpResponseBase]


def customer_act(act: Callable[..., None]) -> Door:
    """A POST by a customer's bearer token, which a page without scripts posts as a field ``token``;
    the form is decoded into the act's Struct."""
    kind = get_type_hints(act)["asked"]

    @csrf_exempt
    @transaction.non_atomic_requests
    @wraps(act)
    def door(request: HttpRequest, **place: str) -> HttpResponseBase:
        def work() -> HttpResponse:
            act(read_poster(request), read_form(request, kind), **place)
            return HttpResponse(status=204) if is_by_script(request) else go_back()

        return answer(request, work)

    return door


def answer(
    request: HttpRequest, work: Callable[[], HttpResponseBase], method: str = "POST"
) -> HttpResponseBase:
    """Do the work; turn errors into ``{"error": {"type", "message"}}`` with their status."""
    try:
        if request.method != method:
            raise ValidationFailed(f"Use {method} here.")
        return work()
    except LivechatError as error:
        return _refuse(error)
    except SuspiciousOperation as error:  # such as more fields than Django takes
        return _refuse(ValidationFailed(f"The request is malformed: {type(error).__name__}."))
    except OperationalError:
        return _refuse(ServiceUnavailable())


def while_up(view: Door) -> Door:
    """For views whose way in already asks the database: 503 while it does not answer."""

    @wraps(view)
    def door(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, **kwargs)
        except OperationalError:
            return _refuse(ServiceUnavailable())

    return door


def _refuse(error: LivechatError) -> HttpResponse:
    return JsonResponse({"error": error.as_wire()}, status=error.status)


def read_customer(request: HttpRequest, token: str = "") -> Customer:
    """By the token of the header; ``token`` is that of a form, which can set no header."""
    token = request.headers.get("Authorization") or token
    customer = tokens.read(token, addresses.of_request(request))
    check_host(request.get_host(), customer.organization)
    return customer


def read_poster(request: HttpRequest) -> Customer:
    """Who posted: by the header, or where that cannot be given by a field of the form."""
    return read_customer(request, read_posted(request).get("token", ""))


def is_by_script(request: HttpRequest) -> bool:
    """Only scripts can give this header; no form can, so a page is what the others wait for."""
    return "Authorization" in request.headers


def go_back() -> HttpResponse:
    return HttpResponseRedirect(reverse("livechat_widget:widget"), status=303)


def read_form(request: HttpRequest, kind: type[S]) -> S:
    """The posted form, checked; raises ``ValidationFailed`` with the field's name."""
    try:
        return msgspec.convert(read_posted(request).dict(), kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValidationFailed(str(error)) from error


def read_posted(request: HttpRequest) -> QueryDict:
    """The posted form as it is, unless it is too large."""
    length = request.headers.get("Content-Length", "0")
    if length.isdecimal() and int(length) > settings.MAX_FRAME_BYTES:
        raise EntityTooLarge
    return request.POST


def read_time(text: str, name: str = "seen_up_to") -> datetime:
    try:
        return parse_time(text)
    except ValueError as error:
        raise ValidationFailed(f"{name}: {error}.") from error
