"""Access tokens over HTTP (Customer authorization, XHR flow)."""

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from msgspec import UNSET, Struct, UnsetType

from ...domain import organizations, tokens, visitors
from ...errors import LivechatError, ValidationFailed
from ...models import Organization
from ...origins import check_origin
from ...protocol.fields import Text
from ..cors import share
from ..refusal import refusal_of
from ..registry import decode

_TRY_AGAIN = {"internal": "server_error", "service_unavailable": "temporarily_unavailable"}


class TokenRequest(Struct):
    """Either id names the organization; the rest is what the published clients send."""

    license_id: int | UnsetType = UNSET
    organization_id: Text | UnsetType = UNSET
    client_id: Text | None = None
    redirect_uri: Text | None = None
    grant_type: Text = "cookie"


@csrf_exempt
def grant(request: HttpRequest) -> HttpResponse:
    """Answer with a token for the browser's customer.

    Clients send JSON as ``text/plain``, so the content type is not looked at, and cross-origin
    with credentials, so the answer names their Origin.
    """
    if request.method == "OPTIONS":
        return share(request, HttpResponse(status=204), credentials=True)
    try:
        return share(request, _grant(request), credentials=True)
    except Exception as error:
        return share(request, _refuse(refusal_of(error)), credentials=True)


def _refuse(error: LivechatError) -> HttpResponse:
    """Published clients read the exception, whatever the status; two of them they try again."""
    exception = _TRY_AGAIN.get(error.type, error.type)
    return JsonResponse(
        {"oauth_exception": exception, "error": error.as_wire()}, status=error.status
    )


def _grant(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise ValidationFailed("POST a JSON object with license_id or organization_id.")
    asked = decode(request.body, TokenRequest)
    if asked.grant_type != "cookie":
        raise ValidationFailed("grant_type: this server grants by cookie.")
    organization = _find(asked)
    check_origin(request.headers.get("Origin", ""), request.get_host(), organization)
    customer = visitors.recognise(request, organization)
    body = {**tokens.describe(customer), "client_id": asked.client_id}
    response = HttpResponse(msgspec.json.encode(body), content_type="application/json")
    visitors.remember(request, response, customer)
    return response


def _find(asked: TokenRequest) -> Organization:
    public_id = asked.organization_id or asked.license_id
    if not public_id:
        raise ValidationFailed("license_id or organization_id: one of them is needed.")
    return organizations.find(str(public_id))
