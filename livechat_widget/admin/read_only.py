"""What happened is looked at in the admin, and changed nowhere."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .scope import SiteAdmin


class ReadOnlyAdmin(SiteAdmin):
    show_full_result_count = False  # histories grow; counting them all for one page is slow

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields  # among them some that are no fields of the model

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
