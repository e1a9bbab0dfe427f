"""Where visitors answer what they are asked: forms, the rating, the address of a transcript.

The page's script, which brings the token in a header, gets a fragment; a plain form post, which
brings it as a field, the whole page. So no cookie counts, and nothing is posted from elsewhere.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from ..domain import properties, questions, tickets
from ..domain.organizations import GENERAL_GROUP
from ..errors import AnswersRefused, LivechatError, NotFound
from ..models import Customer
from ..protocol.forms import CHANGED, NO_ADDRESS, FormType, GroupForm
from . import asking, fields, panel
from .acts import answer, go_back, is_by_script, read_customer, read_posted, read_poster
from .asking import Asked

# Nobody sees this field: whoever fills it in is a program.
TRAP = "website"
Work = Callable[[HttpRequest, Customer, QueryDict], Asked]
FormWork = Callable[[HttpRequest, Customer, GroupForm, QueryDict], Asked]


def show(request: HttpRequest) -> HttpResponseBase:
    """The fragment of what is asked now, before the next chat (``anew``), or ``about`` this one;
    ``home`` adds who is there."""

    def work() -> HttpResponse:
        customer = read_customer(request)
        if "home" in request.GET:
            return _fragment(request, {**panel.standing(customer), **asking.now(customer)}, "home")
        found = (
            asking.about(customer)
            if "about" in request.GET
            else asking.now(customer, anew="anew" in request.GET)
        )
        return _fragment(request, found)

    return answer(request, work, method="GET")


def door(work: Work) -> Callable[..., HttpResponseBase]:
    """A POST by a customer; the work is given the form and says what is asked from then on."""

    @csrf_exempt
    @transaction.non_atomic_requests
    @wraps(work)
    def opened(request: HttpRequest) -> HttpResponseBase:
        def respond() -> HttpResponse:
            posted = read_posted(request)
            customer = read_poster(request)
            found = work(request, customer, posted)
            if is_by_script(request):
                return _fragment(request, found)
            if not found["asked"]:
                return go_back()
            return panel.respond(request, customer, found, _status(found))

        return answer(request, respond)

    return opened


def form_door(form_type: FormType) -> Callable[[FormWork], Callable[..., HttpResponseBase]]:
    """A door for the answers to a form; refused ones stay in it, with the reasons beside them."""

    def decorate(work: FormWork) -> Callable[..., HttpResponseBase]:
        @wraps(work)
        def check(request: HttpRequest, customer: Customer, posted: QueryDict) -> Asked:
            if posted.get(TRAP):
                return {"asked": "receipt"}
            form = questions.find_form(customer, form_type)
            if form is None:
                return {**asking.now(customer), "note": capfirst(_(CHANGED))}
            try:
                return work(request, customer, form, posted)
            except AnswersRefused as error:
                return asking.form(customer, form_type, form, posted, wrong=error.fields)
            except LivechatError as error:
                return asking.form(customer, form_type, form, posted, note=error.message)

        return door(check)

    return decorate


@form_door("prechat")
def prechat(request: HttpRequest, customer: Customer, form: GroupForm, posted: QueryDict) -> Asked:
    questions.answer_prechat(customer, form, fields.read(form, posted), _custom_id(posted))
    return asking.NOTHING


@form_door("postchat")
def postchat(request: HttpRequest, customer: Customer, form: GroupForm, posted: QueryDict) -> Asked:
    answers, rating = fields.read(form, posted), fields.read_rating(form, posted)
    questions.answer_postchat(customer, form, answers, _custom_id(posted), rating)
    return asking.about(customer, thanks=True)


@form_door("ticket")
def ticket(request: HttpRequest, customer: Customer, form: GroupForm, posted: QueryDict) -> Asked:
    written = tickets.fill(
        customer,
        GENERAL_GROUP,
        fields.read(form, posted),
        source_url=customer.page.get("url", ""),
        time_zone=posted.get("time_zone", ""),
        address=request.META.get("REMOTE_ADDR", ""),
    )
    return {"asked": "receipt", "ticket": written}


@door
def rate(request: HttpRequest, customer: Customer, posted: QueryDict) -> Asked:
    """``score`` 1 or 0, or empty to withdraw all of it; ``comment``."""
    place = _last_place(customer)
    rating = fields.rating_of(posted.get("score"), posted.get("comment"))
    if rating:
        properties.update(place, customer, {"rating": rating})
    elif posted.get("score") == "":
        properties.delete(place, customer, {"rating": ["score", "comment"]})
    return asking.about(customer, commented="comment" in rating)


@door
def transcript(request: HttpRequest, customer: Customer, posted: QueryDict) -> Asked:
    place, email = _last_place(customer), posted.get("email", "").strip()
    try:
        properties.update(place, customer, {"routing": {"transcript_email": email}})
    except LivechatError as error:
        wrong = NO_ADDRESS.text if error.type == "validation" else error.message
        more = {"email": email, "email_error": capfirst(_(wrong)), "refused": True}
        return asking.about(customer, opened=True, **more)
    return asking.about(customer, opened=True)


def _last_place(customer: Customer) -> properties.Place:
    thread = questions.last_thread(customer)
    if thread is None:
        raise NotFound("You have no chat yet; start one.")
    return properties.Place(thread.chat_id, thread.pk)


def _custom_id(posted: QueryDict) -> str:
    return posted.get("custom_id", "")[:255]


def _fragment(request: HttpRequest, found: Asked, name: str = "_asked") -> HttpResponse:
    context: dict[str, Any] = {**found, "oob": True}
    template = f"livechat_widget/widget/{name}.html"
    response = render(request, template, context, status=_status(found))
    response["Cache-Control"] = "no-store"
    return response


def _status(found: Asked) -> int:
    return 422 if found.get("refused") else 200
