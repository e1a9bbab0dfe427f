"""The actions over HTTP: the payload is the body, without an envelope, by a bearer token.

Every answer below this address is JSON, whatever is wrong with the request.
"""

from collections import ChainMap
from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from ...domain import addresses, organizations, standing, tokens
from ...errors import (
    Internal,
    LivechatError,
    NotFound,
    OrganizationSuspended,
    UnknownAction,
    UnsupportedVersion,
    ValidationFailed,
    WrongMethod,
    WrongProductVersion,
)
from ...models import Organization
from ...origins import check_request
from ...protocol.shapes import shape
from ...protocol.versions import VERSIONS, Version
from ...upload import receive_part
from ..body import read_body
from ..cors import keep_apart, share
from ..refusal import refusal_of
from ..registry import Action, Answer, Caller, Onlooker, convert, decode
from .registry import ACTIONS, POSTS, READS, UPLOADS

_BY_METHOD: dict[str, Mapping[str, Action]] = {
    "POST": ChainMap(ACTIONS, POSTS, UPLOADS),
    "GET": READS,
}


@csrf_exempt
@transaction.non_atomic_requests
def serve(request: HttpRequest, version: str | None = None, name: str = "") -> HttpResponse:
    """An action, or the preflight that a browser sends before it.

    A path without a version goes with the header ``X-API-Version``.
    """
    version = request.headers.get("X-API-Version", "") if version is None else version
    trusted = False
    try:
        organization = organizations.asked_for(request.GET)
        check_request(request, organization)
        trusted = True
        organizations.check_region(request.GET, request.get_host())
        response = _answer(request, organization, version, name)
    except Exception as error:
        response = _refuse(refusal_of(error), VERSIONS.get(version))
    return share(request, response) if trusted else keep_apart(response)


def _answer(
    request: HttpRequest, organization: Organization, version: str, name: str
) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    spoken = _find_version(version)
    if standing.is_older(version, organization.oldest_version):
        raise WrongProductVersion
    if organization.suspended:
        raise OrganizationSuspended
    action = _find_action(request.method or "", name, spoken)
    if request.method == "GET":
        onlooker = Onlooker(organization, request.get_host(), get_language() or "en")
        asked = convert(request.GET.dict(), action.request)
        answer = action.run(onlooker, shape(asked, spoken))
    else:
        body = b"" if name in UPLOADS else read_body(request) or b"{}"
        token = request.headers.get("Authorization", "")
        site = f"{request.scheme}://{request.get_host()}"
        customer = tokens.read_for(token, organization, addresses.of_request(request))
        caller = Caller(customer, spoken, site=site)
        asked = decode(body, action.request) if body else _form(request, action)
        answer = action.run(caller, shape(asked, spoken))
    return _respond(answer, spoken)


def _form(request: HttpRequest, action: Action) -> Any:
    """Not received yet: the action says first whether it may come."""
    return action.request(partial(receive_part, request))


def _respond(answer: Answer[Any], spoken: Version) -> HttpResponse:
    body = msgspec.json.encode(shape(answer.payload, spoken))
    response = HttpResponse(body, content_type="application/json")
    if answer.keep_seconds:
        response["Cache-Control"] = f"public, max-age={answer.keep_seconds}, immutable"
    return response


def _find_version(name: str) -> Version:
    if name not in VERSIONS:
        spoken = ", ".join(f"v{one}" for one in VERSIONS)
        raise UnsupportedVersion(f"Version {name[:20]!r} is not spoken here; {spoken} are.")
    return VERSIONS[name]


def _find_action(method: str, name: str, spoken: Version) -> Action:
    fitting = [one for one, actions in _BY_METHOD.items() if name in actions]
    if not fitting or not spoken.has_action(name):
        raise UnknownAction(f"There is no action {name[:50]!r} over HTTP in {spoken.name}.")
    if method not in fitting:
        raise WrongMethod(f"Use {fitting[0]} for {name}.", {"method": fitting[0]})
    return _BY_METHOD[method][name]


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refuse(ValidationFailed("The request is malformed; look at its headers."))


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refuse(NotFound("There is nothing at this address. No slash ends one of ours."))


def broken(request: HttpRequest) -> HttpResponse:
    return _refuse(Internal())


def _refuse(error: LivechatError, spoken: Version | None = None) -> HttpResponse:
    names = spoken.errors if spoken else None
    response = JsonResponse({"error": error.as_wire(names)}, status=error.status)
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if isinstance(error, WrongMethod) and error.data:
        response["Allow"] = f"{error.data['method']}, OPTIONS"
    return response
