"""At a site the admin shows what belongs to its organization; see ``origins.served_at``."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.http import HttpRequest

from ..origins import served_at, site_at


class SiteFilter(admin.RelatedFieldListFilter):
    """Offers what the list of its own shows."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        related = model_admin.admin_site._registry.get(field.remote_field.model)
        limit = {"pk__in": related.get_queryset(request).values("pk")} if related else {}
        return field.get_choices(include_blank=False, limit_choices_to=limit)


class SiteAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """``organization_path``: from a row to its organization; empty for what is of none."""

    organization_path: ClassVar[str] = "organization"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return self.of_site(request, rows)

    def of_site(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the organizations that this host serves."""
        host = request.get_host()
        if not self.organization_path or site_at(host) is None:
            return rows
        return rows.filter(**{f"{self.organization_path}__in": served_at(host)})

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Where it filters by rows of ours, other sites' are not among them."""
        if site_at(request.get_host()) is None:
            return super().get_list_filter(request)
        return [self._scoped(one) for one in super().get_list_filter(request)]

    def _scoped(self, one: Any) -> Any:
        if not isinstance(one, str):
            return one
        try:
            remote = get_fields_from_path(self.model, one)[-1].remote_field
        except FieldDoesNotExist:
            return one
        related = self.admin_site._registry.get(remote.model) if remote else None
        return (one, SiteFilter) if isinstance(related, SiteAdmin) else one

    def get_field_queryset(self, db: str | None, db_field: Any, request: Any) -> Any:
        """What can be chosen is what the list of its own shows."""
        related = self.admin_site._registry.get(db_field.remote_field.model)
        if isinstance(related, SiteAdmin):
            return related.get_queryset(request)
        return super().get_field_queryset(db, db_field, request)
