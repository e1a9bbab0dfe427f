from django.db import models
from django.utils.translation import gettext_lazy as _

from .ids import draw_secret
from .organization import Organization


class SigningKey(models.Model):
    """A secret of the organization's own servers: with it they say who somebody is.

    All that are there are good, so a key is changed without a gap: add, use, delete the old one.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="signing_keys")
    secret = models.CharField(_("secret"), max_length=64, default=draw_secret, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")

    def __str__(self) -> str:
        return f"…{self.secret[-4:]}"
