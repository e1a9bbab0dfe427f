from django.db import models
from django.utils.translation import gettext_lazy as _

from .agent import Agent
from .chat import Chat
from .group import Group
from .ids import draw_id


class Thread(models.Model):
    """One sitting of a chat: active, or ended. Active without an agent means waiting."""

    id = models.CharField(primary_key=True, max_length=10, default=draw_id, editable=False)
    chat = models.ForeignKey(Chat, models.CASCADE, related_name="threads", db_index=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="threads")
    agent = models.ForeignKey(Agent, models.SET_NULL, null=True, blank=True, related_name="threads")
    active = models.BooleanField(_("active"), default=True)
    properties = models.JSONField(_("properties"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"))
    # Since when it waits, or waited, for an agent; who comes back to the queue keeps its place.
    queued_at = models.DateTimeField(_("queued at"), null=True, blank=True)
    estimated_wait = models.PositiveIntegerField(_("estimated wait (s)"), null=True, blank=True)
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)
    decision = models.JSONField(_("routing decision"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        indexes = [
            models.Index(fields=["chat", "-created_at"], name="livechat_thread_page"),
            models.Index(
                fields=["group", "queued_at"],
                condition=models.Q(active=True, agent__isnull=True),
                name="livechat_queue",
            ),
            models.Index(
                fields=["agent"], condition=models.Q(active=True), name="livechat_agent_load"
            ),
            models.Index(fields=["agent", "-assigned_at"], name="livechat_agent_turn"),
            models.Index(fields=["group", "-ended_at"], name="livechat_service_times"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["chat"],
                condition=models.Q(active=True),
                name="livechat_one_active_thread",
            )
        ]

    def __str__(self) -> str:
        return self.pk
