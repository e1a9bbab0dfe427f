"""Groups: who gets their chats, their working hours, and which chats come to them."""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..domain import organizations
from ..domain.conditions import CONDITIONS
from ..domain.organizations import GENERAL_GROUP
from ..errors import ValidationFailed
from ..models import Group, RoutingRule
from ..models.hours import WEEKDAYS, read_intervals, write_intervals
from .conditions import ConditionsForm, with_fields
from .scope import SiteAdmin

# What is known when a chat begins.
_RULED_BY = {
    tag: kind for tag, kind in CONDITIONS.items() if tag not in ("referrer", "group_status")
}
_LABELS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


class PropertiesForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_properties(self) -> Any:
        try:
            return organizations.check_properties(self.cleaned_data["properties"] or {})
        except ValidationFailed as error:
            raise ValidationError(error.message) from error


class _GroupForm(PropertiesForm):
    time_zone = forms.CharField(
        label=_("time zone"), initial="UTC", help_text=_("Such as Europe/Warsaw.")
    )
    exceptions = forms.CharField(
        label=_("Holidays and exceptions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One per line: a date, or month and day for every year, and its hours; without hours"
            " nobody is there. Such as 12-25, or 2026-12-24 9:00-12:00."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = self.instance.hours
        for day in WEEKDAYS:
            self.initial[day] = write_intervals(hours.get(day, []))
        lines = hours.get("exceptions", {}).items()
        self.initial["exceptions"] = "\n".join(
            f"{day} {write_intervals(intervals)}".strip() for day, intervals in lines
        )

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        if zone not in available_timezones():
            raise ValidationError(_("There is no such time zone; write it like Europe/Warsaw."))
        return zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        hours: dict[str, Any] = {}
        for day in WEEKDAYS:
            if intervals := self._read(day, cleaned.get(day) or ""):
                hours[day] = intervals
        exceptions = {}
        for line in (cleaned.get("exceptions") or "").splitlines():
            when, _space, text = line.strip().partition(" ")
            if when and self._is_date(when):
                exceptions[when] = self._read("exceptions", text)
        self.instance.hours = {**hours, "exceptions": exceptions} if exceptions else hours
        return cleaned

    def _read(self, name: str, text: str) -> list[list[str]]:
        try:
            return read_intervals(text)
        except ValueError as error:
            wrong = _("“%(part)s” is no time; write it like 9:00-12:30, 13:30-18:00.")
            self.add_error(name, wrong % {"part": error})
            return []

    def _is_date(self, text: str) -> bool:
        try:
            date.fromisoformat(text if len(text) == 10 else f"2024-{text}")
        except ValueError:
            wrong = _("“%(part)s” is no date; write it like 2026-12-24 or 12-25.")
            self.add_error("exceptions", wrong % {"part": text})
            return False
        return True


GroupForm = type(
    "GroupForm",
    (_GroupForm,),
    {
        day: forms.CharField(label=label, required=False, max_length=200)
        for day, label in zip(WEEKDAYS, _LABELS, strict=True)
    },
)


@admin.register(Group)
class GroupAdmin(SiteAdmin):
    form = GroupForm
    list_display = ["name", "number", "strategy", "organization"]
    list_filter = ["organization"]
    list_select_related = ["organization"]
    search_fields = ["name", "=number"]
    autocomplete_fields = ["organization"]
    fieldsets = [
        (None, {"fields": ["organization", "number", "name", "email", "properties"]}),
        (_("Chats"), {"fields": ["strategy", "queue_limit", "offline"]}),
        (
            _("Working hours"),
            {
                "fields": ["time_zone", *WEEKDAYS, "exceptions"],
                "description": _(
                    "Such as 9:00-12:30, 13:30-18:00. With every day empty the group is open"
                    " always; with a single one, only then. An end that is not after its start is"
                    " on the next day."
                ),
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> list[str]:
        return ["number", "organization"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        general = obj is not None and obj.number == GENERAL_GROUP
        return not general and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        """No deleting of many at once: the general group could be among them."""
        return {
            name: action
            for name, action in super().get_actions(request).items()
            if name != "delete_selected"
        }


@admin.register(RoutingRule)
class RoutingRuleAdmin(SiteAdmin):
    organization_path = "group__organization"
    form = with_fields(ConditionsForm, _RULED_BY)
    list_display = ["position", "group"]
    list_display_links = ["group"]
    list_filter = ["group__organization"]
    list_select_related = ["group"]
    search_fields = ["group__name"]
    fieldsets = [
        (None, {"fields": ["position", "group"]}),
        (_("For chats that ask for no group, where all of these hold"), {"fields": [*_RULED_BY]}),
    ]
