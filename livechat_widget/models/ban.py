from django.db import models
from django.utils.translation import gettext_lazy as _

from .agent import Agent
from .customer import Customer
from .organization import Organization


class Ban(models.Model):
    """Keeps a customer out until it ends, and whoever else comes from the same address.

    ``address`` is a keyed digest, empty where only the customer is kept out; ``temporary`` ones
    are blocks of some minutes, which clients are told of under another name.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="bans")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="bans")
    address = models.CharField(_("address (digest)"), max_length=32, blank=True)
    agent = models.ForeignKey(Agent, models.SET_NULL, null=True, blank=True, related_name="+")
    temporary = models.BooleanField(_("temporary"), default=False)
    created_at = models.DateTimeField(_("created at"), db_index=True)
    expires_at = models.DateTimeField(_("ends at"))

    class Meta:
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        indexes = [models.Index(fields=["organization", "address"], name="livechat_ban_address")]

    def __str__(self) -> str:
        return f"{self.customer}: {self.expires_at:%Y-%m-%d %H:%M}"
