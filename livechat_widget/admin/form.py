"""What visitors are asked: a form is edited as a list of its fields."""

from collections.abc import Iterator
from typing import Any

from django import forms as django_forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..domain import forms
from ..models import Form, FormField
from ..protocol.forms import FIELDS, Asked, CheckboxForEmail, Choosing, Rating
from .scope import SiteAdmin


class FieldForm(django_forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        widgets = {
            "label": django_forms.TextInput(attrs={"class": "vTextField"}),
            "options": django_forms.Textarea(attrs={"rows": 3, "cols": 30}),
        }

    def clean(self) -> dict[str, Any]:
        """What is wrong stands at the member, and names the field."""
        cleaned = super().clean() or {}
        kind = FIELDS.get(cleaned.get("type", ""))
        if kind is not None:
            field = FormField(**{name: cleaned.get(name, "") for name in ("label", "options")})
            for member, text in _problems(kind, field, cleaned):
                self.add_error(member, f"“{field.label}”: {text}")
        return cleaned


def _problems(kind: type, field: FormField, cleaned: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    options = forms.options_of(field)
    if issubclass(kind, Choosing):
        yield from (("options", text) for text in _problems_of_options(kind, options))
    elif kind is Rating:
        if len(options) > 1:
            yield "options", _("one line, the label of the comment.")
    elif options:
        yield "options", _("a field of this type has no options; leave them empty.")
    if cleaned.get("required") and not issubclass(kind, Asked):
        yield "required", _("a field of this type cannot be required.")
    if cleaned.get("checked") and kind is not CheckboxForEmail:
        yield "checked", _("only a consent can be ticked first.")


def _problems_of_options(kind: type, options: list[Any]) -> Iterator[Any]:
    labels = [option.label for option in options]
    if not labels:
        yield _("write what there is to choose from, one per line.")
    if not all(labels):
        yield _("write something after the *.")
    if len(set(labels)) < len(labels):
        yield _("write each line once.")
    if sum(option.checked for option in options) > 1 and kind is not FIELDS["checkbox"]:
        yield _("only one line may begin with *.")


class FieldSet(django_forms.BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        """Published clients stumble over a form that asks nothing."""
        super().clean()
        if any(self.errors):
            return
        kept = [one for one in self.cleaned_data if one and not one.get("DELETE")]
        if self.instance.enabled and not kept:
            raise ValidationError(_("Add a field, or switch the form off: it asks nothing yet."))


class FieldInline(admin.TabularInline):  # type: ignore[type-arg]
    model = FormField
    form = FieldForm
    formset = FieldSet
    fields = ["position", "type", "label", "required", "options", "checked"]
    extra = 1


@admin.register(Form)
class FormAdmin(SiteAdmin):
    organization_path = "group__organization"
    list_display = ["type", "group", "enabled"]
    list_filter = ["type", "enabled", "group__organization"]
    list_select_related = ["group"]
    search_fields = ["group__name", "fields__label"]
    inlines = [FieldInline]
