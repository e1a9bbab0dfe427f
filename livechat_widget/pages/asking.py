"""What stands at the end of the conversation and waits for an answer: a form, or what the visitor
thinks of the chat. Contexts for ``widget/_asked.html``, whose member ``asked`` says which it is."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from ..domain import properties, questions, tokens
from ..errors import Wrong
from ..models import Customer
from ..models.ids import draw_event_id
from ..protocol.forms import FormType, GroupForm
from . import fields

Asked = dict[str, Any]
NOTHING: Asked = {"asked": ""}


def now(customer: Customer, *, anew: bool = False) -> Asked:
    """As things stand; ``anew``: before the next chat, the last one being done with."""
    found = questions.find(customer, anew=anew)
    if found:
        return form(customer, *found)
    thread = questions.last_thread(customer)
    is_over = thread is not None and not thread.active and not anew
    return about(customer) if is_over else NOTHING


def form(
    customer: Customer,
    form_type: FormType,
    found: GroupForm,
    posted: QueryDict | None = None,
    wrong: Mapping[str, Wrong] | None = None,
    note: str = "",
) -> Asked:
    """A form, with what was ``posted`` still in it, what is ``wrong`` beside the fields, and what
    is the matter with all of it as a ``note``."""
    drawn = fields.draw(found, customer, posted, wrong)
    after = about(customer) if form_type == "postchat" else {}
    return {
        **after,
        "asked": form_type,
        "fields": drawn,
        "asks_rating": any(field["type"] == "rating" for field in drawn),
        "note": note,
        "refused": bool(note or wrong),
        "custom_id": (posted and posted.get("custom_id")) or draw_event_id(),
        "token": tokens.mint(customer),
    }


def about(customer: Customer, **more: Any) -> Asked:
    """The rating of the last chat, and where a transcript of it should go."""
    thread = questions.last_thread(customer)
    if thread is None:
        return NOTHING
    email = properties.read(thread, "routing", "transcript_email")
    return {
        "asked": "about",
        "active": thread.active,
        "answered": thread.agent_id is not None,
        "score": properties.read(thread, "rating", "score"),
        "comment": properties.read(thread, "rating", "comment") or "",
        "sent_to": email or "",
        "email": email or customer.email,
        "token": tokens.mint(customer),
        **more,
    }
