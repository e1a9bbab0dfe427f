"""The fields of a form as a page has them: drawn, and read back."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..errors import ValidationFailed, Wrong
from ..models import Customer
from ..protocol import forms
from ..protocol.answers import Answers, FilledField
from ..protocol.forms import GroupForm


def draw(
    form: GroupForm,
    customer: Customer,
    posted: QueryDict | None = None,
    wrong: Mapping[str, Wrong] | None = None,
) -> list[dict[str, Any]]:
    """What the templates of the fields show: what was ``posted``, or is known of the customer."""
    drawn = []
    for name, field in forms.named(form):
        input_name = f"field-{name}"
        given = _given(field, customer) if posted is None else posted.getlist(input_name)
        found = (wrong or {}).get(name)
        drawn.append(
            {
                **msgspec.to_builtins(field),
                "type": _type(field),
                "name": input_name,
                "template": f"livechat_widget/fields/{_type(field)}.html",
                "longest": getattr(field, "longest", ""),
                "value": given[0] if given else "",
                "given": given,
                "comment": posted.get(f"{input_name}-comment", "") if posted else "",
                "error": capfirst(_(found.text) % found.values) if found else "",
            }
        )
    return drawn


def read(form: GroupForm, posted: QueryDict) -> list[FilledField]:
    """The answers, not checked yet, except that they can be kept: else ``ValidationFailed``."""
    filled = []
    for name, field in forms.named(form):
        given = [one.replace("\r\n", "\n") for one in posted.getlist(f"field-{name}")]
        if answer := _read(field, [one for one in given if one]):
            filled.append({"type": _type(field), "id": name, **answer})
    try:
        return msgspec.convert(filled, Answers)
    except msgspec.ValidationError as error:
        raise ValidationFailed(_("There is something in it that cannot be kept.")) from error


def read_rating(form: GroupForm, posted: QueryDict) -> dict[str, Any]:
    """``score`` and ``comment``, as far as the form asks and somebody answered."""
    for name, field in forms.named(form):
        if isinstance(field, forms.Rating):
            return rating_of(posted.get(f"field-{name}"), posted.get(f"field-{name}-comment"))
    return {}


def rating_of(score: str | None, comment: str | None) -> dict[str, Any]:
    rating: dict[str, Any] = {"score": int(score)} if score in ("0", "1") else {}
    if comment and comment.strip():
        rating["comment"] = comment.strip().replace("\r\n", "\n")
    return rating


def _type(field: forms.Field) -> str:
    return str(field.__struct_config__.tag)


def _given(field: forms.Field, customer: Customer) -> Sequence[str]:
    """What stands in a field before anybody has answered."""
    match field:
        case forms.Name():
            return [customer.name]
        case forms.Email():
            return [customer.email]
        case forms.Choosing():
            return [option.id for option in field.options if option.checked]
        case forms.CheckboxForEmail():
            return ["on"] if field.checked else []
    return []


def _read(field: forms.Field, given: Sequence[str]) -> dict[str, Any]:
    """What there is of an answer; an option that the form does not have is refused later."""
    if not given:
        return {}
    match field:
        case forms.Header() | forms.Rating():
            return {}
        case forms.Checkbox():
            return {"answers": [_choice(field, one) for one in given]}
        case forms.Choosing():
            return {"answer": _choice(field, given[0])}
        case forms.CheckboxForEmail():
            return {"answer": True}
        case forms.GroupChooser():
            found = (msgspec.to_builtins(one) for one in field.options if one.id == given[0])
            return {"answer": next(found, {"id": given[0], "group_id": -1, "label": ""})}
    return {"answer": given[0]}


def _choice(field: forms.Choosing, option_id: str) -> dict[str, str]:
    label = next((one.label for one in field.options if one.id == option_id), "")
    return {"id": option_id, "label": label}
