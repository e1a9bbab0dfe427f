from django.contrib import admin

from ..models import Stream, StreamEntry
from .read_only import ReadOnlyAdmin


@admin.register(Stream)
class StreamAdmin(ReadOnlyAdmin):
    list_display = ["id", "customer", "seq", "public_seq"]
    list_filter = ["organization"]
    list_select_related = ["customer"]
    search_fields = ["=id", "=customer__id", "=customer__chat__id", "customer__email"]


@admin.register(StreamEntry)
class StreamEntryAdmin(ReadOnlyAdmin):
    organization_path = "stream__organization"
    list_display = ["id", "stream", "seq", "public_seq", "action", "event", "created_at"]
    list_filter = ["action", "stream__organization"]
    list_select_related = ["stream", "event"]
    search_fields = ["=stream__id", "=stream__customer__chat__id", "=event__id"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
