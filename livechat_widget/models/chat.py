from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from .agent import Agent
from .customer import Customer
from .group import Group
from .ids import draw_id
from .organization import Organization

if TYPE_CHECKING:
    from .thread import Thread


class ChatQuerySet(models.QuerySet["Chat"]):
    def seen_by(self, agent: Agent) -> "ChatQuerySet":
        """Chats whose last thread is in one of the agent's groups or in the general group."""
        chats = self.filter(organization_id=agent.organization_id)
        if agent.user.has_perm("livechat_widget.see_all_groups"):
            return chats
        return chats.in_groups(agent.groups.all())

    def in_groups(self, groups: "models.QuerySet[Group] | Collection[int]") -> "ChatQuerySet":
        """Chats whose last thread is in one of these groups or in the general group."""
        own = models.Q(last_thread__group__in=groups)
        return self.filter(own | models.Q(last_thread__group__number=0))

    def open(self) -> "ChatQuerySet":
        return self.filter(last_thread__active=True)

    def by_need(self, agent: Agent) -> "ChatQuerySet":
        """First the agent's own, then those that nobody answers, then the others; oldest first."""
        answering = ChatUser.objects.filter(chat=models.OuterRef("pk"), present=True)
        rank = models.Case(
            models.When(models.Exists(answering.filter(agent=agent)), then=0),
            models.When(~models.Exists(answering.filter(agent__isnull=False)), then=1),
            default=2,
            output_field=models.IntegerField(),
        )
        return self.order_by(rank, "last_thread__created_at", "pk")


class Chat(models.Model):
    """A customer's one conversation, made of threads."""

    id = models.CharField(primary_key=True, max_length=10, default=draw_id, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="chats")
    customer = models.OneToOneField(Customer, models.CASCADE, related_name="chat")
    last_thread: "models.OneToOneField[Thread | None, Thread | None]" = models.OneToOneField(
        "Thread", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    properties = models.JSONField(_("properties"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"))

    objects = ChatQuerySet.as_manager()

    class Meta:
        verbose_name = _("chat")
        verbose_name_plural = _("chats")

    def __str__(self) -> str:
        return self.pk


class ChatUser(models.Model):
    """Somebody who is, or was, in a chat: its customer, or an agent."""

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="chat_users", db_index=False)
    author = models.CharField(max_length=36)
    agent = models.ForeignKey(Agent, models.CASCADE, null=True, related_name="chat_users")
    present = models.BooleanField(default=True)
    seen_up_to = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("chat user")
        verbose_name_plural = _("chat users")
        constraints = [
            models.UniqueConstraint(fields=["chat", "author"], name="livechat_chat_user")
        ]

    def __str__(self) -> str:
        return f"{self.author} in {self.chat_id}"
