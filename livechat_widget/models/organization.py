import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .ids import draw_license_id


class Organization(models.Model):
    """A tenant: one per deployment, or one per ``django.contrib.sites`` site."""

    license_id = models.PositiveIntegerField(_("license id"), unique=True, default=draw_license_id)
    organization_id = models.UUIDField(_("organization id"), unique=True, default=uuid.uuid4)
    name = models.CharField(_("name"), max_length=200)
    site_id = models.PositiveIntegerField(_("site id"), null=True, blank=True, unique=True)
    trusted_origins = models.JSONField(
        _("trusted origins"),
        default=list,
        blank=True,
        help_text=_(
            'Origins whose pages may embed the chat: ["https://shop.example"], or'
            ' ["https://*.shop.example"] for all hosts below it.'
        ),
    )
    suspended = models.BooleanField(
        _("suspended"),
        default=False,
        help_text=_("Visitors are sent away, and nobody can chat, until this is unset."),
    )
    oldest_version = models.CharField(
        _("oldest version"),
        max_length=10,
        blank=True,
        help_text=_("Clients of an older version of the protocol than this are sent away."),
    )
    properties = models.JSONField(_("properties"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(license_id=1520), name="livechat_license_not_staging"
            )
        ]

    def __str__(self) -> str:
        return self.name
