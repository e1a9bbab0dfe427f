from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ..domain import files
from ..models import File
from .read_only import ReadOnlyAdmin


@admin.register(File)
class FileAdmin(ReadOnlyAdmin):
    """What was uploaded. Deleting one removes its bytes, too; its event opens nothing then."""

    list_display = ["name", "content_type", "size", "uploader", "chat", "status", "created_at"]
    list_filter = ["status", "content_type", "organization"]
    list_select_related = ["chat"]
    search_fields = ["name", "=uploader", "=chat__id"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]

    def has_delete_permission(self, request: HttpRequest, obj: File | None = None) -> bool:
        return bool(request.user.has_perm("livechat_widget.delete_file"))

    def delete_model(self, request: HttpRequest, obj: File) -> None:
        files.remove([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[File]) -> None:
        files.remove(queryset)
