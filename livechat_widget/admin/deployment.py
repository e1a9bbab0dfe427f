from django.contrib import admin

from ..models import Deployment, Lease, Presence, Worker
from .read_only import ReadOnlyAdmin


@admin.register(Deployment)
class DeploymentAdmin(ReadOnlyAdmin):
    organization_path = ""
    list_display = ["epoch"]


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin):
    organization_path = ""
    list_display = ["name", "holder", "expires_at"]


@admin.register(Worker)
class WorkerAdmin(ReadOnlyAdmin):
    organization_path = ""
    list_display = ["name", "customers", "seen_at"]


@admin.register(Presence)
class PresenceAdmin(ReadOnlyAdmin):
    organization_path = ""
    list_display = ["author", "until"]
    search_fields = ["=author"]
    ordering = ["-until"]
