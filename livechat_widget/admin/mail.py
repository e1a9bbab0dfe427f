from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ..models import Mail
from .read_only import ReadOnlyAdmin


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """Those that were given up are found by their empty time, with the last error."""

    organization_path = "transcript_of__chat__organization"
    list_display = ["to", "subject", "transcript_of", "attempts", "due_at", "error", "created_at"]
    list_filter = [("due_at", admin.EmptyFieldListFilter)]
    list_select_related = ["transcript_of"]
    search_fields = ["to", "subject", "=transcript_of__id", "=transcript_of__chat__id"]
    ordering = ["-created_at"]

    def of_site(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What is no transcript is of no organization: at a site a superuser sees it."""
        return rows if request.user.is_superuser else super().of_site(request, rows)
