"""Which chats nothing happens in any more, one query for each way of it."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import now

from ..conf import settings
from ..models import ChatUser, Event, Group, Lease, Presence, Thread
from . import groups, routing

TICKER = "ticker"
_SYSTEM = ""

Threads = QuerySet[Any]


def is_settled() -> bool:
    """After a standstill of the whole site everybody gets the time to come back."""
    since = now() - timedelta(seconds=2 * settings.PRESENCE_SECONDS)
    return Lease.objects.filter(name=TICKER, since__lt=since).exists()


def _left(author: str, moment: datetime) -> Exists:
    """Somebody was here, whose lease has ended before the moment."""
    return Exists(Presence.objects.filter(author=OuterRef(author), until__lt=moment))


def _answered() -> Threads:
    """With when somebody last wrote in it, and who it was."""
    said = Event.objects.filter(thread=OuterRef("pk")).exclude(author=_SYSTEM)
    last = said.order_by("-created_at")
    return Thread.objects.filter(active=True, agent__isnull=False).annotate(
        said_at=Subquery(last.values("created_at")[:1]), said_by=Subquery(last.values("author")[:1])
    )


def of_absent() -> Threads:
    given = Thread.objects.filter(routing.ROUTED, active=True, agent__isnull=False)
    return given.filter(_left("agent__public_id", now()))


def unanswered() -> Threads:
    limit = _ago(settings.UNANSWERED_MINUTES)
    customers = ChatUser.objects.filter(chat=OuterRef("chat"), agent=None)
    threads = _answered().filter(routing.ROUTED, assigned_at__lt=limit, said_at__lt=limit)
    return threads.filter(said_by=Subquery(customers.values("author")[:1]))


def silent(minutes: int) -> Threads:
    limit = _ago(minutes)
    since_then = Q(said_at__lt=limit) | Q(said_at=None, created_at__lt=limit)
    return _answered().filter(since_then, assigned_at__lt=limit)


def idle() -> Threads:
    return silent(settings.IDLE_MINUTES)


def busy_again() -> Threads:
    marked = _answered().filter(properties__routing__idle=True)
    return marked.filter(said_at__gte=_ago(settings.IDLE_MINUTES))


def without_customer() -> Threads:
    users = ChatUser.objects.filter(
        _left("author", _ago(settings.CUSTOMER_GONE_MINUTES)), chat=OuterRef("chat"), agent=None
    )
    return _not_continuous(Thread.objects.filter(Exists(users), active=True))


def without_agents() -> Threads:
    waiting = routing.waiting().filter(queued_at__lt=_ago(settings.UNANSWERED_MINUTES))
    moment = now()
    found = groups.with_figures(Group.objects.filter(pk__in=waiting.values("group")))
    empty = [one.pk for one in found if not (one.staffed and one.is_open(moment))]
    return _not_continuous(waiting.filter(group__in=empty))


def _not_continuous(threads: Threads) -> Threads:
    return threads.filter(not_set("continuous"))


def not_set(name: str) -> Q:
    """A property of the routing that is false, or not there: nothing is equal to what is not."""
    path = f"properties__routing__{name}"
    return Q(**{f"{path}__isnull": True}) | Q(**{path: False})


def _ago(minutes: int) -> datetime:
    return now() - timedelta(minutes=minutes)
