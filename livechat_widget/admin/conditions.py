"""Forms that ask for the parameter of every condition."""

from collections.abc import Mapping
from typing import Any, get_origin

from django import forms
from django.utils.translation import gettext_lazy as _
from msgspec import structs

from ..domain.conditions import CONDITIONS, Condition


class ConditionsForm(forms.ModelForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for condition in self.instance.conditions:
            kind = CONDITIONS[condition["type"]]
            value = condition[_parameter(kind).name]
            self.initial[condition["type"]] = "\n".join(value) if type(value) is list else value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.instance.conditions = [
            {"type": tag, _parameter(kind).name: _value(kind, cleaned[tag])}
            for tag, kind in CONDITIONS.items()
            if cleaned.get(tag)
        ]
        return cleaned


def with_fields(form: type[ConditionsForm], kinds: Mapping[str, type[Condition]]) -> Any:
    """The form with a field for each kind: a new one is asked for without a change here."""
    return type("Form", (form,), {tag: _field(kind) for tag, kind in kinds.items()})


def _parameter(kind: type[Condition]) -> structs.FieldInfo:
    return structs.fields(kind)[0]


def _field(kind: type[Condition]) -> forms.Field:
    """As the type of the parameter wants it; empty means that the condition is not set."""
    options: dict[str, Any] = {"label": kind.label, "required": False}
    wanted = _parameter(kind).type
    if wanted is int:
        return forms.IntegerField(min_value=1, **options)
    if get_origin(wanted) is list:
        area = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(widget=area, help_text=_("One per line."), **options)
    if wanted is str:
        return forms.CharField(max_length=200, **options)
    values = [("", "---------"), *((one, one) for one in wanted.__args__)]
    return forms.ChoiceField(choices=values, **options)


def _value(kind: type[Condition], typed: Any) -> Any:
    """As the condition stores it."""
    if get_origin(_parameter(kind).type) is list:
        return [line.strip() for line in typed.splitlines() if line.strip()]
    return typed
