"""What an administrator sets up: organizations, groups, agents."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..domain import organizations
from ..domain.organizations import GENERAL_GROUP
from ..errors import ValidationFailed
from ..models import Agent, Group, Organization
from ..origins import is_origin
from .scope import SiteAdmin


class PropertiesForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_properties(self) -> Any:
        try:
            return organizations.check_properties(self.cleaned_data["properties"] or {})
        except ValidationFailed as error:
            raise ValidationError(error.message) from error


class OrganizationForm(PropertiesForm):
    def clean_trusted_origins(self) -> Any:
        """What stands here goes into a header as it is."""
        given = self.cleaned_data["trusted_origins"] or []
        if not isinstance(given, list) or not all(is_origin(one) for one in given):
            raise ValidationError(
                _("A list of origins is needed: scheme and host, and nothing after them.")
            )
        return given


@admin.register(Organization)
class OrganizationAdmin(SiteAdmin):
    organization_path = "pk"
    form = OrganizationForm
    list_display = ["name", "license_id", "organization_id", "site_id"]
    search_fields = ["name", "=license_id", "=organization_id"]
    # Pages and programs out there know the organization by these.
    readonly_fields = ["license_id", "organization_id", "created_at"]

    def of_site(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """A superuser sets up the sites, and sees that there are others."""
        return rows if request.user.is_superuser else super().of_site(request, rows)

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            organizations.add_general_group(obj)


@admin.register(Group)
class GroupAdmin(SiteAdmin):
    form = PropertiesForm
    list_display = ["name", "number", "organization"]
    list_filter = ["organization"]
    list_select_related = ["organization"]
    search_fields = ["name", "=number"]
    autocomplete_fields = ["organization"]

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


class AgentForm(forms.ModelForm):  # type: ignore[type-arg]
    # Said here because the default differs between versions of Django, and one warns about it.
    avatar = forms.URLField(
        label=_("avatar"), required=False, assume_scheme="https", widget=AdminURLFieldWidget
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        organization = cleaned.get("organization")
        foreign = [
            group for group in cleaned.get("groups", ()) if group.organization != organization
        ]
        if organization and foreign:
            raise ValidationError({"groups": _("Choose groups of the agent's own organization.")})
        return cleaned


@admin.register(Agent)
class AgentAdmin(SiteAdmin):
    form = AgentForm
    list_display = ["name", "user", "job_title", "accepting", "organization"]
    list_filter = ["accepting", "groups", "organization"]
    list_select_related = ["user", "organization"]
    search_fields = ["name", "job_title", "=public_id"]
    # Not autocomplete: that needs the host's user model in the admin, where it may not be.
    raw_id_fields = ["user"]
    autocomplete_fields = ["organization", "groups"]
    readonly_fields = ["public_id"]
