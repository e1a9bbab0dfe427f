"""Tickets: read here, answered by mail."""

from urllib.parse import quote

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..domain import tickets
from ..models import Ticket
from .scope import SiteAdmin

_SHOWN = ["subject", "message", "name", "reply", "group", "source_url", "time_zone", "created_at"]


@admin.register(Ticket)
class TicketAdmin(SiteAdmin):
    """Everybody sees the tickets of the groups whose chats they see; only the status changes."""

    organization_path = "group__organization"
    list_display = ["label", "name", "email", "group", "status", "created_at", "id"]
    list_filter = [
        "status",
        ("group", admin.RelatedOnlyFieldListFilter),
        "group__organization",
    ]
    list_select_related = ["group"]
    search_fields = ["=id", "name", "email", "subject", "message"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    show_full_result_count = False
    fields = ["status", *_SHOWN, "customer"]
    readonly_fields = [*_SHOWN, "customer"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        return self.of_site(request, tickets.seen_by(request.user))

    @admin.display(description=_("subject"), ordering="subject")
    def label(self, ticket: Ticket) -> str:
        return str(ticket)

    @admin.display(description=_("e-mail"))
    def reply(self, ticket: Ticket) -> str:
        """A link that opens an answer in the mail program."""
        subject = quote(f"Re: [{ticket.pk}] {ticket.subject}".strip())
        return format_html(
            '<a href="mailto:{}?subject={}">{}</a>', quote(ticket.email), subject, ticket.email
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
