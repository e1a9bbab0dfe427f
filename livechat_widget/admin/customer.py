from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..domain import bans, customers, tokens
from ..models import Agent, Customer
from .scope import SiteAdmin

_SHOWN = [
    "organization",
    "phone_number",
    "postal_address",
    "omnichannel",
    "session_fields",
    "page",
    "visits_count",
    "page_views_count",
    "created_at",
]


@admin.register(Customer)
class CustomerAdmin(SiteAdmin):
    """Name and address may be put right; whoever has the chat open sees it at once."""

    list_display = ["label", "email", "visits_count", "page_views_count", "created_at"]
    list_filter = ["organization"]
    search_fields = ["name", "email", "=id"]
    date_hierarchy = "created_at"
    fields = ["name", "email", "avatar", *_SHOWN]
    readonly_fields = _SHOWN
    actions = [
        "ban_for_a_day",
        "ban_for_a_month",
        "block_for_an_hour",
        "lift_bans",
        "revoke_tokens",
        "log_out",
    ]

    @admin.display(description=_("name"), ordering="name")
    def label(self, customer: Customer) -> str:
        return str(customer)

    @admin.action(description=_("Ban for a day"), permissions=["change"])
    def ban_for_a_day(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        self._ban(request, queryset, 1)

    @admin.action(description=_("Ban for 30 days"), permissions=["change"])
    def ban_for_a_month(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        self._ban(request, queryset, 30)

    def _ban(self, request: HttpRequest, queryset: QuerySet[Customer], days: int) -> None:
        for customer in queryset:
            agent = Agent.objects.filter(
                user=request.user.pk, organization=customer.organization_id
            ).first()
            bans.ban(customer, days, agent)

    @admin.action(description=_("Block for an hour"), permissions=["change"])
    def block_for_an_hour(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        for customer in queryset:
            bans.block(customer, 3600)

    @admin.action(description=_("Lift bans and blocks"), permissions=["change"])
    def lift_bans(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        for customer in queryset:
            bans.lift(customer)

    @admin.action(description=_("Revoke access tokens"), permissions=["change"])
    def revoke_tokens(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        for customer in queryset:
            tokens.revoke(customer)

    @admin.action(description=_("Log out everywhere"), permissions=["change"])
    def log_out(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        for customer in queryset:
            tokens.log_out(customer)

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        customers.update(obj, **{name: form.cleaned_data[name] for name in form.changed_data})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        return False
