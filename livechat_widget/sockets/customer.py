"""The socket of the Customer Chat API: the SDK, the widget and any client of that protocol."""

import time
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET

from ..actions.customer import ACTIONS
from ..actions.customer.login import Cursor, LoggedIn, Login, LoginCustomer, Pong
from ..actions.registry import Answer, Caller, decode
from ..conf import settings
from ..counters import counters
from ..delivery.bus import get_bus
from ..delivery.threads import run
from ..domain import login, standing, tokens
from ..domain.batch import Command
from ..domain.groups import Statuses
from ..domain.queue import Place
from ..domain.standing import Changes, Seat
from ..domain.users import SignedIn
from ..errors import (
    LivechatError,
    UnknownAction,
    UnsupportedVersion,
    ValidationFailed,
    WrongProductVersion,
)
from ..models import Organization
from ..protocol import envelope
from ..protocol.objects import GroupState, Queue
from ..protocol.pushes import (
    CustomerSideStorageUpdated,
    GroupsStatusUpdated,
    GroupsUpdate,
    IncomingMulticast,
    Push,
    QueuePositionUpdated,
    SyncReset,
)
from ..protocol.shapes import shape
from ..protocol.versions import VERSIONS, Version
from .attendance import get_attendance
from .availability import get_availability
from .census import get_census
from .guest import DISMISSED, Guest
from .headers import header
from .limits import gate


class CustomerConnection(Guest):
    """Pings are answered and never demanded: many clients send none."""

    door = "customer"
    caller: Caller
    _stream_id: int
    organization_key: int
    signed_in: SignedIn | None
    _group: int
    _statuses: Statuses
    _pushes: frozenset[str] | None = None
    # Thread, position and time that were told last.
    _place: tuple[str, int, int] | None = None

    async def answer(self, request: envelope.Request) -> Answer[Any]:
        self.known_organization()
        spoken = self._version_of(request)
        if request.action == "ping":
            return Answer(await self._ping())
        if request.action == "login":
            return await self._log_in(shape(decode(request.payload, Login), spoken))
        action = ACTIONS.get(request.action)
        if action is None or not spoken.has_action(action.name):
            raise UnknownAction(f"There is no action {request.action[:50]!r} in {spoken.name}.")
        asked = shape(action.decode(request.payload), spoken)
        return await run(action.run, self.caller, asked)

    def prepare(
        self, request: envelope.Request
    ) -> tuple[Command, Callable[[Any], Answer[Any]]] | None:
        action = ACTIONS.get(request.action)
        if action is None or action.hot is None:
            return None
        spoken = self._version_of(request)
        asked = shape(action.decode(request.payload), spoken)
        return action.hot.command(self.caller, asked), action.hot.answer

    def adapt(self, request: envelope.Request, answer: Answer[Any]) -> Answer[Any]:
        spoken = self._version_of(request)
        if request.action not in spoken.settled_by_push:
            answer.settles = answer.repeat = None
        answer.payload = shape(answer.payload, spoken)
        return answer

    def word(self, request: envelope.Request, refusal: LivechatError) -> dict[str, Any]:
        ours = VERSIONS[self.encoding.version]
        return refusal.as_wire(VERSIONS.get(request.version or "", ours).errors)

    def _version_of(self, request: envelope.Request) -> Version:
        """A request may name its own version, but none older than the connection's."""
        asked, ours = request.version, self.encoding.version
        if asked is UNSET:
            return VERSIONS[ours]
        if asked not in VERSIONS or standing.is_older(asked, ours):
            raise UnsupportedVersion(
                f"version: {asked[:20]!r} is not spoken on a connection of version {ours};"
                " leave it out, or open another connection."
            )
        return VERSIONS[asked]

    async def _ping(self) -> Pong:
        """The last number of the log itself: what this process handed out may be less."""
        if not self.logged_in:
            return Pong()
        head = (await get_bus().look([self._stream_id])).get(self._stream_id)
        return Pong(head.public_seq) if head else Pong()

    async def _log_in(self, asked: Login) -> Answer[LoggedIn]:
        if self.logged_in:
            raise ValidationFailed("This connection is logged in already.")
        organization, version = self.known_organization(), VERSIONS[self.encoding.version]
        if standing.is_older(version.name, organization.oldest_version):
            raise WrongProductVersion
        gate.check_login(self.address)
        self.take_a_place(tokens.claims_of(asked.token))
        try:
            return await self._enter(organization, version, asked)
        except BaseException:
            self.give_place_back()
            raise

    async def _enter(
        self, organization: Organization, version: Version, asked: Login
    ) -> Answer[LoggedIn]:
        details = login.Details(
            customer=asked.customer or LoginCustomer(),
            page=asked.customer_page,
            side_storage=asked.customer_side_storage,
            group_number=asked.group_id,
            language=asked.fragments or header(self.scope, b"accept-language"),
            after=asked.cursor.seq if asked.cursor else None,
            epoch=asked.cursor.epoch if asked.cursor else "",
            referrer=asked.referrer,
            address=self.address,
        )
        result: login.Result = await run(login.log_in, asked.token, organization, details)
        self.end_waiting()
        self._stream_id = result.stream_id
        self.organization_key = result.customer.organization_id
        user_key = result.customer.user_id
        self.signed_in = (user_key, self._vouched) if user_key else None
        self._group, self._statuses = result.group_number, result.statuses
        self.caller = Caller(result.customer, version, asked.group_id, asked.referrer)
        self.encoding = self.encoding._replace(language=asked.fragments)
        if asked.pushes is not None:
            names = asked.pushes.get(version.name, [])
            self._pushes = None if "all" in names else frozenset(names)
        if result.side_storage is not None and self.wants(CustomerSideStorageUpdated.action):
            aside = CustomerSideStorageUpdated(result.side_storage)
            self.push(CustomerSideStorageUpdated.action, aside)
        await self._follow(asked.cursor, result)
        self.logged_in = True
        sync = {"epoch": result.epoch, "seq": result.seq}
        return Answer(msgspec.convert({**result.payload, "sync": sync}, LoggedIn))

    async def _follow(self, cursor: Cursor | None, result: login.Result) -> None:
        """From the client's cursor, or from now on; the client reads afresh where neither goes."""
        number = result.seq
        if cursor is not None:
            number = cursor.seq if result.resumable else result.seq
            counters.resumes += result.resumable
            counters.sync_resets += not result.resumable
            if not result.resumable:
                self.push("sync_reset", SyncReset())
        self.start_at(result.stream_id, number)
        await get_bus().settle(self, [result.stream_id])

    def wants(self, action: str) -> bool:
        return self._pushes is None or action in self._pushes

    # -- kept by the keeper --------------------------------------------------------------

    @property
    def person(self) -> str:
        return self.caller.customer.author_id

    def look_after(self) -> None:
        super().look_after()
        if not self.logged_in:
            return
        if time.time() > self.token_ends_at:
            self.disconnect(DISMISSED, "access_token_expired")
        elif time.monotonic() - self.pace.heard_at > settings.INACTIVITY_SECONDS:
            self.disconnect(DISMISSED, "inactivity_timeout")
        get_availability().look_after(self)
        get_attendance().look_after(self)
        get_census().look_after(self)

    def heed(self, changes: Changes) -> None:
        seat = Seat(self.caller.customer, self.encoding.version, self.address, self.signed_in)
        if dismissal := changes.judge(seat):
            self.disconnect(DISMISSED, dismissal.reason, **dismissal.data)

    def notice(self, statuses: Statuses) -> None:
        before, self._statuses = self._statuses, statuses
        changed = [
            GroupState(number, status)
            for number, status in statuses.items()
            if before.get(number) != status
        ]
        if not changed:
            return
        changed.sort(key=lambda group: group.id != self._group)
        # Which of the two a version has is in its table.
        self._tell(GroupsStatusUpdated(changed))
        if changed[0].id == self._group:
            self._tell(IncomingMulticast(GroupsUpdate(changed[:1])))

    def take_place(self, place: Place | None) -> None:
        told = (place.thread_id, place.position, place.wait_time) if place else None
        if place and told != self._place:
            self._tell(
                QueuePositionUpdated(
                    chat_id=place.chat_id,
                    thread_id=place.thread_id,
                    queue=Queue(place.position, place.wait_time),
                )
            )
        self._place = told

    def _tell(self, push: Push) -> None:
        if self.wants(push.action):
            self.push(push.action, push)
