import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .chat import Chat
from .organization import Organization


class File(models.Model):
    """Something uploaded. Its bytes are in the site's Storage, under the names in ``paths``: those
    of the file itself, and of its thumbnails by their size in pixels."""

    class Status(models.TextChoices):
        RECEIVING = "receiving", _("being received")
        READY = "ready", _("ready")
        QUARANTINED = "quarantined", _("in quarantine")
        GONE = "gone", _("being removed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="files")
    uploader = models.CharField(_("uploaded by"), max_length=36)
    chat = models.ForeignKey(
        Chat, models.SET_NULL, null=True, related_name="files", verbose_name=_("chat")
    )
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    paths = models.JSONField(_("names in the storage"), default=dict)
    status = models.CharField(
        _("status"), max_length=11, choices=Status.choices, default=Status.RECEIVING
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    attached_at = models.DateTimeField(_("sent at"), null=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [
            models.Index(fields=["uploader"], name="livechat_file_uploader"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(chat__isnull=True),
                name="livechat_file_unused",
            ),
        ]

    def __str__(self) -> str:
        return self.name
