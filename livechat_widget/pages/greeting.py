"""The greeting beside a closed widget: a page in a frame of its own, where the site greets.

As with the widget, only the page looks at cookies; what is done there goes by its token.
"""

from dataclasses import dataclass

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET
from msgspec import Struct

from ..delivery.greetings import draw
from ..domain import customers, greetings, organizations, tokens, visitors
from ..domain.organizations import GENERAL_GROUP
from ..errors import LivechatError
from ..models import Customer
from ..origins import all_trusted
from ..protocol.fields import Id
from .acts import customer_act
from .identity import signed_in
from .policy import protect

_LONGEST = 2000


@dataclass
class _Page:
    url: str
    title: str


@require_GET
@xframe_options_exempt
def show(request: HttpRequest) -> HttpResponse:
    """The greeting for the page ``url`` with its ``title`` and ``referrer``; 204 if there is none.

    While nobody is greeted, a new visitor gets no cookie. What is wrong, the widget says once it is
    opened: here it is nobody's business.
    """
    try:
        return _show(request)
    except (LivechatError, OperationalError):
        return HttpResponse(status=204)


def _show(request: HttpRequest) -> HttpResponse:
    organization = organizations.of_site(request)
    identity = signed_in(request)
    is_known = identity is not None or visitors.find(request, organization) is not None
    if not is_known and not greetings.are_active(organization):
        return HttpResponse(status=204)
    customer = visitors.recognise(request, organization, identity=identity)
    asked = {name: request.GET.get(name, "")[:_LONGEST] for name in ("url", "title", "referrer")}
    asked = {name: text.replace("\x00", "") for name, text in asked.items()}
    customers.arrive(customer, _Page(asked["url"], asked["title"]))
    greeting = greetings.offer(customer, GENERAL_GROUP, asked["referrer"])
    greeting = greeting or greetings.waiting(customer)
    if greeting is None:
        response = HttpResponse(status=204)
    else:
        context = {
            "greeting": greeting,
            "drawn": draw(greeting),
            "token": tokens.mint(customer),
            "language": get_language(),
        }
        response = render(request, "livechat_widget/widget/greeting.html", context)
    visitors.remember(request, response, customer)
    return protect(request, response, framed_by=all_trusted(organization))


class Answer(Struct):
    pass


@customer_act
def accept(customer: Customer, asked: Answer, unique_id: str) -> None:
    greetings.accept(customer, None, unique_id)


class Pressed(Struct):
    """``button_id`` is the postback id of the button."""

    button_id: Id


@customer_act
def press(customer: Customer, asked: Pressed, unique_id: str) -> None:
    greetings.press(customer, unique_id, asked.button_id)


@customer_act
def cancel(customer: Customer, asked: Answer, unique_id: str) -> None:
    greetings.cancel(customer, unique_id)
