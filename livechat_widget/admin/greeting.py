"""Invitations: what they say, and when."""

from typing import Any

import msgspec
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..domain.conditions import CONDITIONS
from ..models import Greeting, GreetingTemplate
from ..protocol.rich import RichContent
from .conditions import ConditionsForm, with_fields
from .read_only import ReadOnlyAdmin
from .scope import SiteAdmin


class _TemplateForm(ConditionsForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("text")) == bool(cleaned.get("rich_message")):
            self.add_error("text", _("Write a text, or a rich message instead of it."))
        return cleaned

    def clean_rich_message(self) -> Any:
        given = self.cleaned_data["rich_message"]
        try:
            return msgspec.to_builtins(msgspec.convert(given, RichContent)) if given else None
        except msgspec.ValidationError as error:
            raise ValidationError(str(error)) from error


@admin.register(GreetingTemplate)
class GreetingTemplateAdmin(SiteAdmin):
    organization_path = "group__organization"
    form = with_fields(_TemplateForm, CONDITIONS)
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
    list_display = ["unique_id", "template", "customer", "agent", "accepted", "canceled", "pressed"]
    list_filter = ["accepted", "canceled", "template"]
    list_select_related = ["template", "customer", "agent"]
    search_fields = ["=unique_id", "customer__name", "customer__email"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
