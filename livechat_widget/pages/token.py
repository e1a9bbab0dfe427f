"""The hidden page that hands a token to its parent (Customer authorization, iframe flow)."""

import json
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from ..domain import organizations, tokens, visitors
from ..errors import LivechatError, ValidationFailed
from ..models import Organization
from ..origins import check_request
from .policy import protect


@require_safe
@xframe_options_exempt
def show(
    request: HttpRequest, license_id: int | None = None, group: int | None = None
) -> HttpResponse:
    """A page that posts the token to the origin of ``post_message_uri``, if that is trusted."""
    try:
        organization = _find(request, license_id)
        target = _target(request)
        check_request(request, organization, origin=target)
        customer = visitors.recognise(request, organization, group)
    except LivechatError as error:
        return HttpResponse(error.message, status=error.status, content_type="text/plain")
    message = {**tokens.describe(customer), "state": request.GET.get("state", "")}
    response = render(
        request,
        "livechat_widget/token.html",
        {"message": json.dumps(message), "target": target},
    )
    visitors.remember(request, response, customer, group)
    return protect(request, response, framed_by=[target])


def _find(request: HttpRequest, license_id: int | None) -> Organization:
    if license_id:
        return organizations.find(str(license_id))
    return organizations.asked_for(request.GET)


def _target(request: HttpRequest) -> str:
    parts = urlsplit(request.GET.get("post_message_uri") or request.GET.get("redirect_uri") or "")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValidationFailed("post_message_uri: the address of the embedding page is needed.")
    return f"{parts.scheme}://{parts.netloc}"
