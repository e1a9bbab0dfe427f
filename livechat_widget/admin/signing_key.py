from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ..models import SigningKey
from .scope import SiteAdmin


@admin.register(SigningKey)
class SigningKeyAdmin(SiteAdmin):
    """Whoever may look at one of them may be anybody in the chat of its organization."""

    list_display = ["__str__", "organization", "created_at"]
    list_filter = ["organization"]
    list_select_related = ["organization"]
    autocomplete_fields = ["organization"]

    def get_fields(self, request: HttpRequest, obj: SigningKey | None = None) -> Any:
        return ["organization", "secret", "created_at"] if obj else ["organization"]

    def get_readonly_fields(self, request: HttpRequest, obj: SigningKey | None = None) -> list[str]:
        return ["organization", "secret", "created_at"] if obj else []
