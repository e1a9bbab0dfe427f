"""The widget: one page, and the forms on it.

Only the page looks at cookies. Everything else takes the bearer token that the page hands out,
so it works in a frame, needs no CSRF token and cannot be forged from elsewhere.
"""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET
from msgspec import UNSET, Struct, UnsetType

from ..delivery.encode import Encoding
from ..domain import chats, customers, edits, events, organizations, typing, visitors
from ..errors import LivechatError
from ..models import Customer
from ..origins import all_trusted
from ..protocol.events import CustomId, NewMessage
from ..protocol.fields import Email, Id, Name, Text
from ..protocol.versions import LATEST
from ..protocol.views import View
from . import asking, panel
from .acts import answer, customer_act, read_customer, read_time
from .identity import signed_in
from .news import answer_news


@require_GET
@xframe_options_exempt
def show(request: HttpRequest) -> HttpResponse:
    """The page in the frame, drawn as things stand at ``seq`` of the customer's stream."""
    ancestors: list[str] = []
    try:
        organization = organizations.of_site(request)
        ancestors = all_trusted(organization)
        identity = signed_in(request)
        customer = visitors.recognise(request, organization, identity=identity)
        customers.set_language(customer, get_language() or "")
        return panel.respond(request, customer, asking.now(customer, anew="anew" in request.GET))
    except LivechatError as error:
        return panel.respond_without_chat(request, error.status, ancestors)
    except OperationalError:
        return panel.respond_without_chat(request, 503, ancestors)


class NewText(Struct):
    """What the composer posts; name and e-mail only before the first chat."""

    text: Text
    custom_id: CustomId
    name: Name | UnsetType = UNSET
    email: Email | UnsetType = UNSET


@customer_act
def send(customer: Customer, asked: NewText) -> None:
    given = {"name": asked.name, "email": asked.email}
    if known := {key: value.strip() for key, value in given.items() if value}:
        customers.introduce(customer, **known)
    chats.say(customer, NewMessage(text=asked.text, custom_id=asked.custom_id))


class Typed(Struct):
    text: Text = ""


@customer_act
def peek(customer: Customer, asked: Typed) -> None:
    typing.peek(chats.id_of(customer), customer, asked.text)


class Seen(Struct):
    seen_up_to: Text


@customer_act
def mark_as_seen(customer: Customer, asked: Seen) -> None:
    events.mark_as_seen(chats.id_of(customer), customer, read_time(asked.seen_up_to))


class Pressed(Struct):
    """A button of a rich message; ``custom_id`` is of the message that it may stand for."""

    thread_id: Id
    event_id: Id
    postback_id: Id
    toggled: bool
    custom_id: CustomId


@customer_act
def postback(customer: Customer, asked: Pressed) -> None:
    place = (chats.id_of(customer), asked.thread_id, asked.event_id)
    toggled, custom_id = asked.toggled, asked.custom_id
    edits.choose(*place, customer, asked.postback_id, toggled=toggled, custom_id=custom_id)


class Close(Struct):
    pass


@customer_act
def close(customer: Customer, asked: Close) -> None:
    chats.deactivate(chats.id_of(customer), customer)


def history(request: HttpRequest) -> HttpResponseBase:
    """What was said before the time ``before``, as a fragment."""

    def work() -> HttpResponse:
        customer = read_customer(request)
        return panel.history(request, customer, read_time(request.GET.get("before", ""), "before"))

    return answer(request, work, method="GET")


def news(request: HttpRequest) -> HttpResponseBase:
    """What came after the page's number: the same frames as on the socket."""
    encoding = Encoding(View.CUSTOMER, LATEST.name, get_language() or "en")
    return answer_news(request, encoding)
