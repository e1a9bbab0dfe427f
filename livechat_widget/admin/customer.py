from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..domain import customers
from ..models import Customer

_SHOWN = [
    "organization",
    "session_fields",
    "page",
    "visits_count",
    "page_views_count",
    "created_at",
]


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Name and address may be put right; whoever has the chat open sees it at once."""

    list_display = ["label", "email", "visits_count", "page_views_count", "created_at"]
    list_filter = ["organization"]
    search_fields = ["name", "email", "=id"]
    date_hierarchy = "created_at"
    fields = ["name", "email", "avatar", *_SHOWN]
    readonly_fields = _SHOWN

    @admin.display(description=_("name"), ordering="name")
    def label(self, customer: Customer) -> str:
        return str(customer)

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        customers.update(obj, **{name: form.cleaned_data[name] for name in form.changed_data})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        return False
