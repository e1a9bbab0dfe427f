"""How much one connection, and one address, may ask of this process.

Nothing here is shared between processes and nothing asks the database, so it holds whatever else
is away.
"""

import time
from collections import defaultdict

from ..conf import settings
from ..delivery.layer import SENDER
from ..domain.presence import Others
from ..errors import TooManyRequests, UsersLimitReached

# A limit by the second, or minute, may be used up at once for this many seconds.
_BURST_SECONDS = 10.0
_MOST_ADDRESSES = 50_000
_NEWS_SECONDS = 10.0
_SENDS = frozenset({"send_event", "start_chat", "resume_chat"})


class Bucket:
    """Fills at a rate, up to a burst; one is taken out at a time."""

    __slots__ = ("_at", "_burst", "_level", "_rate")

    def __init__(self, per_second: float, burst: float) -> None:
        self._rate, self._burst, self._level = per_second, burst, burst
        self._at = time.monotonic()

    def take(self, moment: float) -> float:
        """0 where there was one; otherwise the seconds until there is."""
        self._level = min(self._burst, self._level + (moment - self._at) * self._rate)
        self._at = moment
        if self._level < 1:
            return (1 - self._level) / self._rate
        self._level -= 1
        return 0

    def is_full(self, moment: float) -> bool:
        return self._level + (moment - self._at) * self._rate >= self._burst


class Pace:
    """Of one connection: how fast it asks, and when it last did."""

    __slots__ = ("_requests", "_sends", "heard_at")

    def __init__(self) -> None:
        self.heard_at = time.monotonic()
        requests, sends = settings.REQUESTS_PER_SECOND, settings.SENDS_PER_SECOND
        self._requests = Bucket(requests, requests * _BURST_SECONDS)
        self._sends = Bucket(sends, sends * _BURST_SECONDS)

    def check(self, action: str) -> None:
        """Raise ``TooManyRequests``; an acknowledgement, which is not answered, is free."""
        moment = self.heard_at = time.monotonic()
        if action == "ack":
            return
        if wait := self._requests.take(moment):
            raise too_many("requests", settings.REQUESTS_PER_SECOND, "second", wait)
        if action in _SENDS and (wait := self._sends.take(moment)):
            raise too_many("messages", settings.SENDS_PER_SECOND, "second", wait)


def too_many(what: str, limit: float, unit: str, wait: float) -> TooManyRequests:
    """``data.retry_after_ms``: when the next one is taken."""
    after = max(1, round(wait * 1000))
    message = f"At most {limit} {what} a {unit} are taken here; try again in {after} ms."
    return TooManyRequests(message, {"retry_after_ms": after})


class _Visits:
    """Of one address."""

    __slots__ = ("handshakes", "logins", "waiting")

    def __init__(self) -> None:
        handshakes, logins = settings.HANDSHAKES_PER_MINUTE, settings.LOGINS_PER_MINUTE
        self.handshakes = Bucket(handshakes / 60, handshakes)
        self.logins = Bucket(logins / 60, logins)
        self.waiting = 0

    def is_over(self, moment: float) -> bool:
        full = self.handshakes.is_full(moment) and self.logins.is_full(moment)
        return full and not self.waiting


class Gate:
    """Counts by address (a digest); an unknown one, which is empty, is not limited."""

    def __init__(self) -> None:
        self._visits: defaultdict[str, _Visits] = defaultdict(_Visits)

    def knock(self, address: str) -> bool:
        """Whether another handshake may be looked at."""
        if not address:
            return True
        moment = time.monotonic()
        if len(self._visits) > _MOST_ADDRESSES:
            self._forget(moment)
        return not self._visits[address].handshakes.take(moment)

    def check_login(self, address: str) -> None:
        """Raise ``TooManyRequests``."""
        if not address:
            return
        if wait := self._visits[address].logins.take(time.monotonic()):
            raise too_many("logins", settings.LOGINS_PER_MINUTE, "minute", wait)

    def begin_waiting(self, address: str) -> bool:
        """Whether another socket may wait for its login; to be ended where it may."""
        if not address:
            return True
        visits = self._visits[address]
        if visits.waiting >= settings.UNAUTHENTICATED_PER_ADDRESS:
            return False
        visits.waiting += 1
        return True

    def end_waiting(self, address: str) -> None:
        if address:
            self._visits[address].waiting -= 1

    def _forget(self, moment: float) -> None:
        for address in [one for one, visits in self._visits.items() if visits.is_over(moment)]:
            del self._visits[address]


class Crowd:
    """The customers who are logged in here, and what is known of other processes."""

    name = SENDER

    def __init__(self) -> None:
        self._sockets: dict[str, int] = {}
        self._others, self._heard_at = Others(), 0.0

    def enter(self, customer_id: str) -> bool:
        """False where the customer has as many sockets as it may; raises ``UsersLimitReached``.

        Who may enter is counted from now on.
        """
        here, others = self._sockets.get(customer_id, 0), self._known_others()
        if here + others.sockets.get(customer_id, 0) >= settings.SOCKETS_PER_CUSTOMER:
            return False
        if not here and len(self._sockets) + others.customers >= settings.CUSTOMERS_ONLINE:
            raise UsersLimitReached
        self._sockets[customer_id] = here + 1
        return True

    def leave(self, customer_id: str) -> None:
        self._sockets[customer_id] -= 1
        if not self._sockets[customer_id]:
            del self._sockets[customer_id]

    def hear(self, others: Others) -> None:
        self._others, self._heard_at = others, time.monotonic()

    def _known_others(self) -> Others:
        """A process without customers does not ask; what it knew then is worth nothing."""
        fresh = time.monotonic() - self._heard_at < _NEWS_SECONDS
        return self._others if fresh else Others()

    def size(self) -> int:
        return len(self._sockets)

    def crowded(self) -> dict[str, int]:
        """Customers with so many sockets that other processes should know."""
        many = max(2, settings.SOCKETS_PER_CUSTOMER // 4)
        return {customer: count for customer, count in self._sockets.items() if count >= many}


gate = Gate()
crowd = Crowd()
