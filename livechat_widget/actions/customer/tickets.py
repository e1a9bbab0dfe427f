"""Tickets over HTTP, from clients that have no token (the path of published clients)."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from msgspec import Struct

from ...domain import addresses, bans, organizations, tickets
from ...domain.organizations import GENERAL_GROUP
from ...errors import LivechatError, OrganizationSuspended, ValidationFailed, WrongMethod
from ...models import Ticket
from ...origins import check_request
from ...protocol.fields import Name, Text, Url
from ..body import read_body
from ..cors import share
from ..refusal import refusal_of
from ..registry import decode

# The one key by which published clients know that their user can put it right.
_VALIDATION = "incorrect requester structure"


class Requester(Struct):
    mail: Text
    name: Name = ""


class Source(Struct, frozen=True):
    url: Url = ""


class NewTicket(Struct, kw_only=True):
    """``offline_message`` has all answers of the form, ``ticket_message`` those to questions."""

    licence_id: int
    requester: Requester
    ticket_message: Text = ""
    offline_message: Text = ""
    visitor_id: Text = ""
    group: int = GENERAL_GROUP
    source: Source = Source()
    timezone: Text = ""
    subject: Text = ""


@csrf_exempt
@transaction.non_atomic_requests
def create(request: HttpRequest) -> HttpResponse:
    """Answer with the ticket's id, or with ``errors`` as published clients read them.

    Nothing here depends on who asks, so any page may read what it is told.
    """
    if request.method == "OPTIONS":
        return share(request, HttpResponse(status=204))
    try:
        response: HttpResponse = JsonResponse({"id": _create(request).pk}, status=201)
    except Exception as error:
        response = _refuse(refusal_of(error))
    return share(request, response)


def _create(request: HttpRequest) -> Ticket:
    if request.method != "POST":
        raise WrongMethod("POST a JSON object with licence_id and requester.")
    asked: NewTicket = decode(read_body(request), NewTicket)
    organization = organizations.find(str(asked.licence_id))
    check_request(request, organization)
    if organization.suspended:
        raise OrganizationSuspended
    new = tickets.NewTicket(
        email=asked.requester.mail.strip(),
        message=asked.offline_message.strip() or asked.ticket_message,
        name=asked.requester.name,
        subject=asked.subject,
        group_number=asked.group,
        source_url=asked.source.url,
        time_zone=asked.timezone,
    )
    customer = tickets.find_customer(organization, asked.visitor_id)
    address = request.META.get("REMOTE_ADDR", "")
    bans.check(organization.pk, customer, addresses.of_visitor(address))
    return tickets.write(organization, new, customer=customer, address=address)


def _refuse(error: LivechatError) -> HttpResponse:
    key = _VALIDATION if isinstance(error, ValidationFailed) else error.type
    body = {"errors": [{key: [error.message]}], "error": error.as_wire()}
    return JsonResponse(body, status=error.status)
