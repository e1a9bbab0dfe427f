"""What a visitor is asked: before a chat, after it, or instead of one."""

from collections.abc import Sequence
from typing import Any

from ..delivery.database import atomic
from ..delivery.state import somebody_is_there
from ..models import Chat, Customer, Event, Thread
from ..protocol.answers import FilledEmail, FilledField, FilledName
from ..protocol.events import NewFilledForm
from ..protocol.forms import FormType, GroupForm, check
from . import chats, customers, events, forms, properties
from .organizations import GENERAL_GROUP


def find(customer: Customer, *, anew: bool = False) -> tuple[FormType, GroupForm] | None:
    """What is to be asked as things stand; ``anew``: the last chat is done with.

    While a chat goes on, nothing.
    """
    thread = last_thread(customer)
    if thread and thread.active:
        return None
    if thread and not anew:
        form = find_form(customer, "postchat")
        return ("postchat", form) if form and not _is_answered(thread, form) else None
    online = somebody_is_there(customer.organization_id)
    wanted: list[FormType] = ["prechat"] if online else ["ticket", "prechat"]
    found = ((one, find_form(customer, one)) for one in wanted)
    return next(((one, form) for one, form in found if form), None)


def last_thread(customer: Customer) -> Thread | None:
    chats_of = Chat.objects.select_related("last_thread__group").filter(customer=customer)
    chat = chats_of.first()
    return chat.last_thread if chat else None


def find_form(customer: Customer, form_type: FormType) -> GroupForm | None:
    """That of the group that the last chat was in, after it; else that of the general group."""
    thread = last_thread(customer) if form_type == "postchat" else None
    number = thread.group.number if thread else GENERAL_GROUP
    return forms.find(customer.organization_id, number, form_type)


def answer_prechat(
    customer: Customer, form: GroupForm, answers: Sequence[FilledField], custom_id: str
) -> None:
    """Begin a chat with the answers, in the group that was chosen; without any, nothing begins.

    Sent again with the same ``custom_id`` it changes nothing. Raises ``AnswersRefused`` and
    ``ValidationFailed``.
    """
    checked = _check(form, answers)
    own: dict[type[FilledField], str] = {FilledName: "name", FilledEmail: "email"}
    known = {own[type(one)]: one.as_text().strip() for one in checked if type(one) in own}
    if known:
        customers.introduce(customer, **known)
    if checked:
        new = NewFilledForm(form_id=form.id, fields=checked, custom_id=custom_id)
        chats.say(customer, new, group_number=forms.chosen_group(checked, GENERAL_GROUP))


@atomic
def answer_postchat(
    customer: Customer,
    form: GroupForm,
    answers: Sequence[FilledField],
    custom_id: str,
    rating: dict[str, Any],
) -> None:
    """Add the answers to the last chat, and rate it where ``rating`` has ``score`` or ``comment``.

    Raises as ``answer_prechat`` does, and ``NotFound`` where there was no chat.
    """
    checked = _check(form, answers)
    chat_id = chats.id_of(customer)
    if checked:
        new = NewFilledForm(form_id=form.id, fields=checked, custom_id=custom_id)
        events.send(chat_id, customer, new, attach_to_last=True)
    thread = last_thread(customer)
    if rating and thread:
        properties.update(properties.Place(chat_id, thread.pk), customer, {"rating": rating})


def _check(form: GroupForm, answers: Sequence[FilledField]) -> list[FilledField]:
    return [one for one in check(form, answers) if one.is_answered()]


def _is_answered(thread: Thread, form: GroupForm) -> bool:
    filled = Event.objects.filter(thread=thread, type="filled_form", content__form_id=form.id)
    return filled.exists()
