"""Which life of the database a cursor belongs to."""

from ..models import Deployment


def read_epoch() -> str:
    """It changes when an older copy is restored: ``manage.py livechat_restored``."""
    return str(Deployment.objects.values_list("epoch", flat=True).get())
