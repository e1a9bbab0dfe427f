from django.db import models
from django.utils.translation import gettext_lazy as _

from .organization import Organization


class GroupQuerySet(models.QuerySet["Group"]):
    def online(self) -> "GroupQuerySet":
        """Groups with somebody who accepts chats; in the general group everybody answers."""
        accepting = models.Q(agents__accepting=True, agents__user__is_active=True)
        anybody = models.Q(
            number=0,
            organization__agents__accepting=True,
            organization__agents__user__is_active=True,
        )
        return self.filter(accepting | anybody).distinct()


class Group(models.Model):
    """A department. Number 0 is the general group, which every agent can see."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="groups")
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200)
    properties = models.JSONField(_("properties"), default=dict, blank=True)
    email = models.EmailField(
        _("e-mail"),
        blank=True,
        help_text=_("Where tickets of this group go; without one, to that of the general group."),
    )

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["organization", "number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="livechat_group_number")
        ]

    def __str__(self) -> str:
        return self.name
