from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .group import Group
from .ids import draw_public_id
from .organization import Organization


class Agent(models.Model):
    """A profile on one of the host's users; customers know it by ``public_id`` only."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="livechat_agent",
        verbose_name=_("user"),
    )
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="agents")
    groups = models.ManyToManyField(Group, blank=True, related_name="agents")
    public_id = models.CharField(
        _("public id"), max_length=32, unique=True, default=draw_public_id, editable=False
    )
    name = models.CharField(_("name"), max_length=200)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    avatar = models.URLField(_("avatar"), blank=True)
    accepting = models.BooleanField(
        _("accepting chats"), default=True, help_text=_("Whether visitors see somebody online.")
    )

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
