from django.db import models
from django.utils.translation import gettext_lazy as _

from .chat import Chat
from .ids import draw_event_id
from .thread import Thread

# The types of few events: an index of these costs a message nothing.
RARE = ~models.Q(type="message")


class EventQuerySet(models.QuerySet["Event"]):
    def shown(self) -> "EventQuerySet":
        """What anybody in a chat may see."""
        return self.exclude(visibility="nobody")


class Event(models.Model):
    """Something said or done in a thread. ``author`` is empty when the system speaks."""

    class Visibility(models.TextChoices):
        ALL = "all", _("everybody")
        AGENTS = "agents", _("agents only")
        NOBODY = "nobody", _("nobody: it was deleted")

    id = models.UUIDField(primary_key=True, default=draw_event_id, editable=False)
    chat = models.ForeignKey(Chat, models.CASCADE, related_name="events", db_index=False)
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="events", db_index=False)
    type = models.CharField(_("type"), max_length=20)
    author = models.CharField(_("author"), max_length=36, blank=True)
    custom_id = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001 (unique)
    content = models.JSONField(_("content"), default=dict)
    properties = models.JSONField(_("properties"), default=dict, blank=True)
    visibility = models.CharField(max_length=6, choices=Visibility.choices, default=Visibility.ALL)
    created_at = models.DateTimeField(_("created at"))

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["thread", "created_at"], name="livechat_event_page"),
            models.Index(
                fields=["chat", "type", "created_at"], condition=RARE, name="livechat_event_rare"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["chat", "author", "custom_id"],
                condition=models.Q(custom_id__isnull=False),
                name="livechat_event_custom_id",
            ),
            models.UniqueConstraint(fields=["chat", "created_at"], name="livechat_event_order"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
