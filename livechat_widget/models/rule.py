from django.db import models
from django.utils.translation import gettext_lazy as _

from .group import Group


class RoutingRule(models.Model):
    """Where a chat goes that asked for no group: to the first rule's whose conditions all hold."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="rules", verbose_name=_("group"))
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Smaller numbers are tried first.")
    )
    conditions = models.JSONField(_("conditions"), default=list, blank=True)

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.position}: {self.group}"
