"""Access tokens over HTTP (Customer authorization): for browsers, and for the site's servers."""

from collections.abc import Callable
from typing import Any

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from msgspec import UNSET, Struct, UnsetType

from ...domain import identities, organizations, signatures, tokens, visitors
from ...domain.customers import create as create_customer
from ...domain.identities import Identity
from ...domain.signatures import Person, SignedPerson
from ...errors import LivechatError, NotAllowed, Unauthenticated, ValidationFailed, WrongMethod
from ...models import Customer, Organization
from ...origins import check_host, check_request
from ...protocol.fields import Text
from ..body import read_body
from ..cors import share
from ..refusal import refusal_of
from ..registry import decode

_TRY_AGAIN = {"internal": "server_error", "service_unavailable": "temporarily_unavailable"}


class TokenRequest(Struct):
    """Either id names the organization; the rest is what the published clients send.

    ``identity_token``, a JSON Web Token, or ``identity`` are for the grant of that name.
    ``customer`` or ``entity_id`` say whom the site's server means by the grant ``agent_token``.
    """

    license_id: int | UnsetType = UNSET
    organization_id: Text | UnsetType = UNSET
    client_id: Text | None = None
    redirect_uri: Text | None = None
    grant_type: Text = "cookie"
    identity_token: Text | None = None
    identity: SignedPerson | None = None
    customer: Person | None = None
    entity_id: Text | None = None


@csrf_exempt
@transaction.non_atomic_requests
def grant(request: HttpRequest) -> HttpResponse:
    """Answer with a token.

    Clients send JSON as ``text/plain``, so the content type is not looked at, and cross-origin
    with credentials, so the answer names their Origin.
    """
    return _answer(request, _grant)


@csrf_exempt
@transaction.non_atomic_requests
def log_out(request: HttpRequest) -> HttpResponse:
    """The site's server says that somebody has signed out there: tokens and sockets end."""
    return _answer(request, _log_out)


def _answer(
    request: HttpRequest, work: Callable[[HttpRequest, TokenRequest, Organization], HttpResponse]
) -> HttpResponse:
    if request.method == "OPTIONS":
        return share(request, HttpResponse(status=204), credentials=True)
    try:
        if request.method != "POST":
            raise WrongMethod("POST a JSON object with license_id or organization_id.")
        asked: TokenRequest = decode(read_body(request), TokenRequest)
        response = work(request, asked, _find(asked))
    except Exception as error:
        response = _refuse(refusal_of(error))
    # A page whose Origin is not trusted may read that, and what to do about it.
    return share(request, response, credentials=True)


def _refuse(error: LivechatError) -> HttpResponse:
    """Published clients read the exception, whatever the status; two of them they try again."""
    exception = _TRY_AGAIN.get(error.type, error.type)
    response = JsonResponse(
        {"oauth_exception": exception, "error": error.as_wire()}, status=error.status
    )
    if isinstance(error, WrongMethod):
        response["Allow"] = "POST, OPTIONS"
    return response


def _find(asked: TokenRequest) -> Organization:
    public_id = asked.organization_id or asked.license_id
    if not public_id:
        raise ValidationFailed("license_id or organization_id: one of them is needed.")
    return organizations.find(str(public_id))


def _grant(request: HttpRequest, asked: TokenRequest, organization: Organization) -> HttpResponse:
    if asked.grant_type == "agent_token":
        _check_server(request, organization)
        return _describe(_meant(asked, organization), asked)
    check_request(request, organization)
    identity = _identity(asked, organization)
    customer = visitors.recognise(request, organization, identity=identity)
    response = _describe(customer, asked)
    visitors.remember(request, response, customer)
    return response


def _describe(customer: Customer, asked: TokenRequest) -> HttpResponse:
    body = {**tokens.describe(customer), "client_id": asked.client_id}
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")


def _identity(asked: TokenRequest, organization: Organization) -> Identity | None:
    if asked.grant_type == "cookie":
        return None
    if asked.grant_type != "identity_token":
        raise ValidationFailed("grant_type: cookie, identity_token and agent_token are granted.")
    if asked.identity_token:
        return signatures.read_jwt(organization, asked.identity_token)
    if asked.identity:
        return signatures.check(organization, asked.identity)
    raise ValidationFailed("identity_token or identity: one of them is needed for this grant.")


def _log_out(request: HttpRequest, asked: TokenRequest, organization: Organization) -> HttpResponse:
    _check_server(request, organization)
    identities.log_out(organization, **_terms(asked))
    return HttpResponse(b"{}", content_type="application/json")


def _check_server(request: HttpRequest, organization: Organization) -> None:
    check_host(request.get_host(), organization)
    if request.headers.get("Origin"):
        raise NotAllowed("A signing key is for servers; take it out of the page, and replace it.")
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not signatures.holds_key(organization, secret.strip()):
        raise Unauthenticated("Authorization: Bearer and a signing key of the organization.")


def _meant(asked: TokenRequest, organization: Organization) -> Customer:
    """An anonymous one where nobody is named, such as for the channel of another program."""
    if asked.customer:
        return identities.enter(organization, signatures.identify(asked.customer))
    if asked.entity_id:
        return identities.find(organization, **_terms(asked))
    return create_customer(organization)


def _terms(asked: TokenRequest) -> dict[str, Any]:
    if asked.customer:
        return {"external_id": signatures.identify(asked.customer).external_id}
    if asked.entity_id:
        return {"pk": asked.entity_id}
    raise ValidationFailed("customer.user_id or entity_id: one of them is needed.")
