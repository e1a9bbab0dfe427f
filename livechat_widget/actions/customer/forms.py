"""What visitors are asked (Customer Chat API: get_form)."""

from msgspec import UNSET, Struct, UnsetType

from ...domain import forms
from ...protocol.forms import FormType, GroupForm
from ..registry import Answer, Caller
from .registry import ACTIONS


class GetForm(Struct):
    """The form of this type that the group has, or that of the general group."""

    group_id: int
    type: FormType


class FormFound(Struct):
    enabled: bool
    form: GroupForm | UnsetType = UNSET


@ACTIONS.action
def get_form(caller: Caller, request: GetForm) -> Answer[FormFound]:
    form = forms.find(caller.customer.organization_id, request.group_id, request.type)
    return Answer(FormFound(form is not None, form or UNSET))
