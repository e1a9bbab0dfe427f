import uuid

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .organization import Organization


class Customer(models.Model):
    """A visitor: anonymous, or known as a user of this site or, by ``external_id``, of another.

    ``verified`` is what the site vouches for; the customer cannot say otherwise.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="customers")
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    avatar = models.CharField(_("avatar"), max_length=2000, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    external_id = models.CharField(_("id at your site"), max_length=200, blank=True)
    verified = models.JSONField(_("verified"), default=dict, blank=True)
    phone_number = models.CharField(_("phone number"), max_length=16, blank=True)
    postal_address = models.JSONField(_("postal address"), default=dict, blank=True)
    omnichannel = models.JSONField(_("other channels"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    session_fields = models.JSONField(_("session fields"), default=list, blank=True)
    side_storage = models.JSONField(_("side storage"), default=dict, blank=True)
    page = models.JSONField(_("current page"), default=dict, blank=True)
    visits_count = models.PositiveIntegerField(_("visits"), default=0)
    visited_at = models.DateTimeField(_("last visit"), null=True, blank=True)
    page_views_count = models.PositiveIntegerField(_("page views"), default=0)
    greetings_shown_count = models.PositiveIntegerField(_("greetings shown"), default=0)
    greetings_accepted_count = models.PositiveIntegerField(_("greetings accepted"), default=0)
    # Tokens and cookies of an earlier generation are refused.
    token_generation = models.PositiveIntegerField(default=0, editable=False)
    identity_generation = models.PositiveIntegerField(default=0, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False, db_index=True)
    # Where the customer last came from: a keyed digest.
    address = models.CharField(max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"], name="livechat_one_customer_per_user"
            ),
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=~models.Q(external_id=""),
                name="livechat_one_customer_per_external_id",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or str(_("Visitor"))

    @property
    def known(self) -> bool:
        """Whether the site has said who it is."""
        return bool(self.user_id or self.external_id)

    @cached_property
    def author_id(self) -> str:
        return str(self.pk)
