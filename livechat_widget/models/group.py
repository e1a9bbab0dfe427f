from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from . import hours
from .organization import Organization


class Group(models.Model):
    """A department. Number 0 is the general group, which every agent can see."""

    class Strategy(models.TextChoices):
        LEAST_LOADED = "least_loaded", _("who has the fewest chats")
        ROUND_ROBIN = "round_robin", _("in turn")
        RANDOM = "random", _("by chance")
        PRIORITY = "priority", _("by priority, then who has the fewest chats")
        LAST_AGENT = "last_agent", _("who answered the visitor last, else who has the fewest chats")
        MANUAL = "manual", _("nobody: agents take chats themselves")

    class Offline(models.TextChoices):
        MESSAGE = "message", _("visitors may write, and are answered later")
        TICKET = "ticket", _("visitors fill in the ticket form")
        HIDE = "hide", _("there is no chat")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="groups")
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200)
    properties = models.JSONField(_("properties"), default=dict, blank=True)
    email = models.EmailField(
        _("e-mail"),
        blank=True,
        help_text=_("Where tickets of this group go; without one, to that of the general group."),
    )

    strategy = models.CharField(
        _("who gets a chat"),
        max_length=12,
        choices=Strategy.choices,
        default=Strategy.LEAST_LOADED,
        help_text=_("Among those who accept chats and have room for another one."),
    )
    queue_limit = models.PositiveIntegerField(
        _("most chats that wait"),
        null=True,
        blank=True,
        help_text=_("While all agents are busy. 0: no queue. Empty: as the settings say."),
    )
    offline = models.CharField(
        _("when nobody is there"), max_length=7, choices=Offline.choices, default=Offline.MESSAGE
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    # By weekday, and by date or month and day under "exceptions": [["09:00", "12:30"], ...].
    hours = models.JSONField(_("working hours"), default=dict, blank=True)
    welcome_message = models.TextField(
        _("welcome message"),
        blank=True,
        max_length=4000,
        help_text=_(
            "What clients may show before the chat; without one, that of the general group."
        ),
    )

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["organization", "number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="livechat_group_number")
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, moment: datetime) -> bool:
        """Whether it is within the working hours."""
        return hours.is_open(self.hours, self.time_zone, moment)
