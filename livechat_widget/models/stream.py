from django.db import models
from django.utils.translation import gettext_lazy as _

from .customer import Customer
from .event import Event
from .organization import Organization


class Stream(models.Model):
    """What happens to one customer and the chat, numbered. Its row is the lock for writing there.

    ``seq`` counts what agents see and ``public_seq`` what the customer sees; both without gaps.
    ``clock`` is the last time given out, in microseconds since 1970: it only moves forward.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="stream")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="streams")
    seq = models.PositiveBigIntegerField(default=0)
    public_seq = models.PositiveBigIntegerField(default=0)
    clock = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("stream")
        verbose_name_plural = _("streams")

    def __str__(self) -> str:
        return f"{self.pk} @ {self.seq}"


class StreamEntry(models.Model):
    """One push to be delivered. An entry about an event refers to it; others carry a payload."""

    stream = models.ForeignKey(Stream, models.CASCADE, related_name="entries", db_index=False)
    seq = models.PositiveBigIntegerField()
    public_seq = models.PositiveBigIntegerField(null=True)
    action = models.CharField(max_length=40)
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="entries")
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("stream entry")
        verbose_name_plural = _("stream entries")
        # Where a thread began is looked for among few, and writing a message costs no more.
        indexes = [
            models.Index(
                fields=["stream", "seq"],
                condition=models.Q(action="incoming_chat"),
                name="livechat_entry_start",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="livechat_entry_seq"),
            models.UniqueConstraint(
                fields=["stream", "public_seq"],
                condition=models.Q(public_seq__isnull=False),
                name="livechat_entry_public_seq",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream_id}/{self.seq} {self.action}"
