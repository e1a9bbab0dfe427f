"""Invitations: what they say, and when; the form asks for the parameter of every condition."""

from typing import Any, get_origin

import msgspec
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from msgspec import structs

from ..domain.conditions import CONDITIONS, Condition
from ..models import Greeting, GreetingTemplate
from ..protocol.rich import RichContent
from .read_only import ReadOnlyAdmin
from .scope import SiteAdmin


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


class _TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for condition in self.instance.conditions:
            kind = CONDITIONS[condition["type"]]
            value = condition[_parameter(kind).name]
            self.initial[condition["type"]] = "\n".join(value) if type(value) is list else value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("text")) == bool(cleaned.get("rich_message")):
            self.add_error("text", _("Write a text, or a rich message instead of it."))
        self.instance.conditions = [
            {"type": tag, _parameter(kind).name: _value(kind, cleaned[tag])}
            for tag, kind in CONDITIONS.items()
            if cleaned.get(tag)
        ]
        return cleaned

    def clean_rich_message(self) -> Any:
        given = self.cleaned_data["rich_message"]
        try:
            return msgspec.to_builtins(msgspec.convert(given, RichContent)) if given else None
        except msgspec.ValidationError as error:
            raise ValidationError(str(error)) from error


def _value(kind: type[Condition], typed: Any) -> Any:
    """As the condition stores it."""
    if get_origin(_parameter(kind).type) is list:
        return [line.strip() for line in typed.splitlines() if line.strip()]
    return typed


# A field for each condition: a new kind of condition is asked for without a change here.
TemplateForm = type(
    "TemplateForm", (_TemplateForm,), {tag: _field(kind) for tag, kind in CONDITIONS.items()}
)


@admin.register(GreetingTemplate)
class GreetingTemplateAdmin(SiteAdmin):
    organization_path = "group__organization"
    form = TemplateForm
    list_display = ["name", "group", "subtype", "active", "shown", "accepted", "canceled"]
    list_filter = ["active", "subtype", "group__organization"]
    list_select_related = ["group"]
    search_fields = ["name", "text"]
    fieldsets = [
        (None, {"fields": ["group", "name", "text", "rich_message", "subtype", "addon", "active"]}),
        (_("Shown where all of these hold"), {"fields": list(CONDITIONS)}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[GreetingTemplate]:
        templates: QuerySet[GreetingTemplate] = super().get_queryset(request)
        return templates.annotate(
            shown=Count("greetings"),
            accepted=Count("greetings", filter=Q(greetings__accepted=True)),
            canceled=Count("greetings", filter=Q(greetings__canceled=True)),
        )

    @admin.display(description=_("shown"), ordering="shown")
    def shown(self, template: Any) -> int:
        return int(template.shown)

    @admin.display(description=_("accepted"), ordering="accepted")
    def accepted(self, template: Any) -> int:
        return int(template.accepted)

    @admin.display(description=_("cancelled"), ordering="canceled")
    def canceled(self, template: Any) -> int:
        return int(template.canceled)


@admin.register(Greeting)
class GreetingAdmin(ReadOnlyAdmin):
    organization_path = "customer__organization"
    list_display = ["unique_id", "template", "customer", "agent", "accepted", "canceled"]
    list_filter = ["accepted", "canceled", "template"]
    list_select_related = ["template", "customer", "agent"]
    search_fields = ["=unique_id", "customer__name", "customer__email"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
