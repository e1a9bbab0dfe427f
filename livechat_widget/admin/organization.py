"""What an administrator sets up: organizations and agents."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..domain import organizations
from ..models import Agent, Membership, Organization
from ..origins import is_origin
from .group import PropertiesForm
from .scope import SiteAdmin


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


class AgentForm(forms.ModelForm):  # type: ignore[type-arg]
    # Said here because the default differs between versions of Django, and one warns about it.
    avatar = forms.URLField(
        label=_("avatar"), required=False, assume_scheme="https", widget=AdminURLFieldWidget
    )


class MembershipForms(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            group = form.cleaned_data.get("group")
            if group and group.organization_id != self.instance.organization_id:
                form.add_error("group", _("Choose groups of the agent's own organization."))


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    formset = MembershipForms
    extra = 0
    autocomplete_fields = ["group"]


@admin.register(Agent)
class AgentAdmin(SiteAdmin):
    form = AgentForm
    list_display = ["name", "user", "job_title", "accepting", "organization"]
    list_filter = ["accepting", "groups", "organization"]
    list_select_related = ["user", "organization"]
    search_fields = ["name", "job_title", "=public_id"]
    # Not autocomplete: that needs the host's user model in the admin, where it may not be.
    raw_id_fields = ["user"]
    autocomplete_fields = ["organization"]
    readonly_fields = ["public_id"]
    inlines = [MembershipInline]
