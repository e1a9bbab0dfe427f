from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..delivery.words import in_words
from ..models import Agent, Event
from .read_only import ReadOnlyAdmin, ReadOnlyInline


def with_speaker(events: QuerySet[Event]) -> QuerySet[Event]:
    """Authors are stored by ids, which say nothing to who reads."""
    names = Agent.objects.filter(public_id=OuterRef("author")).values("name")
    named = events.annotate(agent_name=Subquery(names))
    return named.select_related("chat__customer").order_by("created_at")


class _Described:
    @admin.display(description=_("author"))
    def speaker(self, event: Any) -> str:
        if not event.author:
            return str(_("system"))
        return event.agent_name or str(event.chat.customer)

    @admin.display(description=_("text"))
    def text(self, event: Event) -> str:
        return in_words(event)


class EventInline(_Described, ReadOnlyInline):
    model = Event
    fields = ["created_at", "type", "speaker", "text", "visibility"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return with_speaker(super().get_queryset(request))


@admin.register(Event)
class EventAdmin(_Described, ReadOnlyAdmin):
    organization_path = "chat__organization"
    list_display = ["id", "created_at", "chat", "type", "speaker", "text"]
    list_filter = ["type", "visibility", "chat__organization"]
    search_fields = ["=id", "=chat__id", "=author", "content"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return with_speaker(super().get_queryset(request))
