from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import Ban
from .read_only import ReadOnlyAdmin


@admin.register(Ban)
class BanAdmin(ReadOnlyAdmin):
    """Bans are made and lifted at their customer."""

    list_display = ["customer", "by_address", "temporary", "agent", "created_at", "expires_at"]
    list_filter = ["temporary", "organization"]
    list_select_related = ["customer", "agent"]
    search_fields = ["customer__name", "customer__email", "=customer__id"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]

    @admin.display(description=_("address, too"), boolean=True)
    def by_address(self, ban: Ban) -> bool:
        return bool(ban.address)
