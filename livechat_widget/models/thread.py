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
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        indexes = [models.Index(fields=["chat", "-created_at"], name="livechat_thread_page")]
        constraints = [
            models.UniqueConstraint(
                fields=["chat"],
                condition=models.Q(active=True),
                name="livechat_one_active_thread",
            )
        ]

    def __str__(self) -> str:
        return self.pk
