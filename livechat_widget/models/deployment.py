import uuid

from django.db import models


class Deployment(models.Model):
    """The one row that tells this database from an older copy of itself.

    A cursor is only good together with its epoch; ``manage.py livechat_restored`` draws a new one.
    """

    epoch = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.epoch)


class Lease(models.Model):
    """Who may do a job that one process of the deployment does at a time, and until when."""

    name = models.CharField(primary_key=True, max_length=40)
    holder = models.CharField(max_length=100)
    expires_at = models.DateTimeField()
    # Since when somebody held it nearly all the time.
    since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
