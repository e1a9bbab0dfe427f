"""Timed jobs: each may run at any time, any number of times, by whoever holds the lease."""

from datetime import timedelta

from django.utils.timezone import now

from ..conf import settings
from ..delivery.database import atomic
from ..models import Lease, StreamEntry
from . import census, files, lapses, mails, presence, routing
from .lapsed import TICKER

_LEASE_SECONDS = 30
# Who runs the jobs by a timer of the system's does so once a minute.
_PAUSE = timedelta(seconds=120)
_BATCH = 1000


def run_due(holder: str) -> bool:
    """Run every job if this holder has, or gets, the lease; False if somebody else has it."""
    if not _take_lease(holder):
        return False
    for job in JOBS:
        job()
    return True


def prune_entries() -> int:
    """Forget log entries older than ENTRY_RETENTION_DAYS, a batch at a time."""
    limit = now() - timedelta(days=settings.ENTRY_RETENTION_DAYS)
    old = StreamEntry.objects.filter(created_at__lt=limit).values_list("pk", flat=True)[:_BATCH]
    return StreamEntry.objects.filter(pk__in=list(old)).delete()[0]


JOBS = (
    mails.send_due,
    routing.route_all,
    *lapses.JOBS,
    files.remove_unused,
    census.prune,
    prune_entries,
    presence.forget_workers,
)


@atomic
def _take_lease(holder: str) -> bool:
    moment = now()
    expires_at = moment + timedelta(seconds=_LEASE_SECONDS)
    lease, created = Lease.objects.select_for_update().get_or_create(
        name=TICKER, defaults={"holder": holder, "expires_at": expires_at, "since": moment}
    )
    if not created and lease.holder != holder and lease.expires_at > moment:
        return False
    was_away = lease.expires_at + _PAUSE < moment
    since = moment if was_away or lease.since is None else lease.since
    Lease.objects.filter(pk=TICKER).update(holder=holder, expires_at=expires_at, since=since)
    return True
