"""Who is here: leases that open pages renew, and that end by themselves when a worker dies."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.utils.timezone import now

from ..conf import settings
from ..delivery.database import atomic
from ..models import Agent, ChatUser, Presence
from . import routing

# A lease is renewed when so much of it is over: two renewals may fail.
RENEWALS = 3


def renew_seconds() -> float:
    """How often a page that stays open is to be reported."""
    return float(settings.PRESENCE_SECONDS) / RENEWALS


def renew_agents(agents: Collection[Agent]) -> None:
    """Their consoles are open. Who was not here before is given what waits."""
    arrived = _renew({agent.public_id for agent in agents})
    for organization_id in {one.organization_id for one in agents if one.public_id in arrived}:
        routing.route_soon(organization_id)


def renew_agent(agent: Agent) -> None:
    """The same for a page that polls, which asks more often than is worth a write."""
    soon = now() + timedelta(seconds=settings.PRESENCE_SECONDS - renew_seconds())
    if not Presence.objects.filter(author=agent.public_id, until__gt=soon).exists():
        renew_agents([agent])


def renew_customers(customer_ids: Iterable[str]) -> None:
    """Their pages are open; it is written down of those who are in an active chat."""
    chatting = ChatUser.objects.filter(
        author__in=list(customer_ids), agent=None, chat__last_thread__active=True
    )
    _renew(set(chatting.values_list("author", flat=True)))


def prune() -> int:
    """Forget leases that ended a day ago."""
    long_ago = now() - timedelta(days=1)
    return Presence.objects.filter(until__lt=long_ago).delete()[0]


@atomic
def _renew(authors: Collection[str]) -> set[str]:
    """Gives those who were not here."""
    if not authors:
        return set()
    moment = now()
    until = moment + timedelta(seconds=settings.PRESENCE_SECONDS)
    # By ascending key: two processes that renew the same ones must not wait for each other.
    rows = [Presence(author=author, until=until) for author in sorted(authors)]
    here = Presence.objects.filter(author__in=authors, until__gt=moment)
    known = set(here.values_list("author", flat=True))
    Presence.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["author"], update_fields=["until"]
    )
    return set(authors) - known
