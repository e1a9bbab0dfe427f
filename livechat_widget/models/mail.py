import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .thread import Thread


class Mail(models.Model):
    """A mail to be sent, or, without ``due_at``, given up. Once it is sent its row is gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.CharField(_("to"), max_length=254)
    reply_to = models.CharField(_("reply to"), max_length=500, blank=True)
    subject = models.CharField(_("subject"), max_length=255, blank=True)
    body = models.TextField(_("text"), blank=True)
    transcript_of = models.ForeignKey(
        Thread,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="transcripts",
        verbose_name=_("transcript of"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    due_at = models.DateTimeField(_("next attempt"), null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")

    def __str__(self) -> str:
        return f"{self.to}: {self.subject or self.transcript_of_id}"
