from django.contrib import admin

from ..models import Mail
from .read_only import ReadOnlyAdmin


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """Those that were given up are found by their empty time, with the last error."""

    list_display = ["to", "subject", "transcript_of", "attempts", "due_at", "error", "created_at"]
    list_filter = [("due_at", admin.EmptyFieldListFilter)]
    list_select_related = ["transcript_of"]
    search_fields = ["to", "subject", "=transcript_of__id", "=transcript_of__chat__id"]
    ordering = ["-created_at"]
