"""How many customers are online: each process tells the others by the database."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.timezone import now

from ..models import Worker

# Who has told nothing for so long is gone, or serves nobody.
_ALIVE = timedelta(seconds=10)


@dataclass(frozen=True)
class Others:
    """What the other processes serve: customers, and the sockets of those who have many."""

    customers: int = 0
    sockets: Mapping[str, int] = field(default_factory=Counter)


def report(name: str, customers: int, crowded: Mapping[str, int]) -> None:
    values = {"customers": customers, "crowded": dict(crowded), "seen_at": now()}
    if not Worker.objects.filter(pk=name).update(**values):
        Worker.objects.create(name=name, **values)


def read_others(name: str) -> Others:
    alive = Worker.objects.filter(seen_at__gt=now() - _ALIVE).exclude(pk=name)
    customers, sockets = 0, Counter[str]()
    for worker in alive:
        customers += worker.customers
        sockets.update(worker.crowded)
    return Others(customers, sockets)


def forget_workers() -> int:
    """Those who are gone for long."""
    return Worker.objects.filter(seen_at__lt=now() - timedelta(hours=1)).delete()[0]
