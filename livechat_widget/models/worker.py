from django.db import models


class Worker(models.Model):
    """A process that serves customers' sockets, as it last told the others of itself.

    ``crowded``: {customer: sockets} of those who have many.
    """

    name = models.CharField(primary_key=True, max_length=40)
    customers = models.PositiveIntegerField(default=0)
    crowded = models.JSONField(default=dict)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.customers}"
