from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from .group import Group
from .ids import draw_public_id
from .organization import Organization
from .presence import Presence


class AgentQuerySet(models.QuerySet["Agent"]):
    def available(self, moment: datetime) -> "AgentQuerySet":
        """Those who accept chats and have the console open."""
        here = Presence.objects.filter(author=OuterRef("public_id"), until__gt=moment)
        return self.filter(Exists(here), accepting=True, user__is_active=True)

    def answering(self) -> "AgentQuerySet":
        """In a subquery on groups: those who answer there; in the general group everybody does."""
        own = self.filter(organization=OuterRef("organization"))
        return own.filter(Q(groups=OuterRef("pk")) | Q(Exact(OuterRef("number"), Value(0))))


class Agent(models.Model):
    """A profile on one of the host's users; customers know it by ``public_id`` only."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="livechat_agent",
        verbose_name=_("user"),
    )
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="agents")
    groups = models.ManyToManyField(Group, blank=True, through="Membership", related_name="agents")
    public_id = models.CharField(
        _("public id"), max_length=32, unique=True, default=draw_public_id, editable=False
    )
    name = models.CharField(_("name"), max_length=200)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    avatar = models.URLField(_("avatar"), blank=True)
    accepting = models.BooleanField(
        _("accepting chats"), default=True, help_text=_("Whether visitors see somebody online.")
    )
    concurrent_limit = models.PositiveSmallIntegerField(
        _("most chats at a time"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("More than these are not given to the agent, who may take them all the same."),
    )

    objects = AgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        permissions = [
            ("use_console", _("Can answer chats in the console")),
            ("see_all_groups", _("Can see the chats of every group")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def author_id(self) -> str:
        return self.public_id

    @property
    def login(self) -> str:
        """How the agent API names the agent: the e-mail address, or the user name without one."""
        return self.user.email or self.user.get_username()


class Membership(models.Model):
    """An agent answers in a group, in this order of priority."""

    class Priority(models.TextChoices):
        FIRST = "first", _("first")
        NORMAL = "normal", _("normal")
        LAST = "last", _("last")
        SUPERVISOR = "supervisor", _("supervisor: is given no chats")

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="memberships")
    group = models.ForeignKey(
        Group, models.CASCADE, related_name="memberships", verbose_name=_("group")
    )
    priority = models.CharField(
        _("priority"), max_length=10, choices=Priority.choices, default=Priority.NORMAL
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        # As Django named it before it had a priority.
        db_table = "livechat_widget_agent_groups"
        unique_together = [("agent", "group")]

    def __str__(self) -> str:
        return f"{self.agent}: {self.group}"


def staffed(groups: "models.QuerySet[Group]", moment: datetime) -> "models.QuerySet[Group]":
    """Those of the groups where somebody accepts chats, whatever the hours."""
    return groups.filter(Exists(Agent.objects.available(moment).answering()))
