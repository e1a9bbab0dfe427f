from django.db import models
from django.utils.translation import gettext_lazy as _

from .agent import Agent
from .customer import Customer
from .group import Group
from .ids import draw_id


class TicketQuerySet(models.QuerySet["Ticket"]):
    def seen_by(self, agent: Agent) -> "TicketQuerySet":
        """Tickets of the agent's groups and of the general group, as with chats."""
        tickets = self.filter(group__organization=agent.organization_id)
        if agent.user.has_perm("livechat_widget.see_all_groups"):
            return tickets
        own = models.Q(group__in=agent.groups.all())
        return tickets.filter(own | models.Q(group__number=0))


class Ticket(models.Model):
    """What somebody wrote while nobody was there; it is answered by mail."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    id = models.CharField(primary_key=True, max_length=10, default=draw_id, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="tickets")
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, related_name="tickets")
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=254)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    message = models.TextField(_("message"))
    answers = models.JSONField(_("answers"), default=list, blank=True)
    source_url = models.CharField(_("page"), max_length=2000, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    status = models.CharField(
        _("status"), max_length=6, choices=Status.choices, default=Status.OPEN
    )
    # The address that sent it, as a keyed digest: enough to count by, useless to anybody else.
    sender = models.CharField(max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"))

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [models.Index(fields=["sender", "created_at"], name="livechat_ticket_sender")]

    def __str__(self) -> str:
        return self.subject or self.name or self.email
