from django.contrib import admin

from ..models import Transcript
from .read_only import ReadOnlyAdmin


@admin.register(Transcript)
class TranscriptAdmin(ReadOnlyAdmin):
    """Those that were given up are found by their status, with the last problem."""

    list_display = ["email", "thread", "status", "attempts", "requested_at", "sent_at", "problem"]
    list_filter = ["status", "thread__chat__organization"]
    list_select_related = ["thread"]
    search_fields = ["email", "=thread__id", "=thread__chat__id"]
    date_hierarchy = "requested_at"
    ordering = ["-requested_at"]
