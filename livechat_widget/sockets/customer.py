"""The socket of the Customer Chat API: the SDK, the widget and any client of that protocol."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from ..actions.customer import ACTIONS
from ..actions.customer.login import Cursor, LoggedIn, Login, LoginCustomer, Pong
from ..actions.registry import Answer, Caller, decode
from ..counters import counters
from ..delivery.bus import get_bus
from ..delivery.encode import Encoding
from ..delivery.threads import run
from ..domain import login, organizations
from ..domain.batch import Command
from ..domain.groups import Statuses
from ..errors import OrganizationNotFound, UnknownAction, ValidationFailed
from ..models import Organization
from ..origins import is_trusted
from ..protocol import envelope
from ..protocol.objects import GroupState
from ..protocol.pushes import (
    CustomerDisconnected,
    CustomerSideStorageUpdated,
    GroupsStatusUpdated,
    GroupsUpdate,
    IncomingMulticast,
    Push,
    SyncReset,
)
from ..protocol.versions import VERSIONS
from ..protocol.views import View
from .availability import get_availability
from .connection import LOGIN_FAILED, Connection
from .headers import header


class CustomerConnection(Connection):
    """Pings are answered and never demanded: many clients send none."""

    door = "customer"
    caller: Caller
    _stream_id: int
    organization: Organization | None
    organization_key: int
    _group: int
    _statuses: Statuses
    _pushes: frozenset[str] | None = None

    async def is_welcome(self) -> bool:
        self.encoding = Encoding(View.CUSTOMER, self.route["version"])
        self.organization = await run(self._find_organization)
        trusted = self.organization.trusted_origins if self.organization else []
        origin, host = header(self.scope, b"origin"), header(self.scope, b"host")
        return is_trusted(origin, host, trusted)

    def opened(self) -> None:
        if self.organization is None:
            self.push("customer_disconnected", CustomerDisconnected(reason="license_not_found"))
            self.outbox.close(LOGIN_FAILED)

    def _find_organization(self) -> Organization | None:
        query = dict(parse_qsl(self.scope.get("query_string", b"").decode("latin-1")))
        try:
            return organizations.asked_for(query)
        except (OrganizationNotFound, ValidationFailed):
            return None

    async def answer(self, request: envelope.Request) -> Answer[Any]:
        self._known_organization()
        if request.action == "ping":
            return Answer(await self._ping())
        if request.action == "login":
            return await self._log_in(decode(request.payload, Login))
        action = ACTIONS.get(request.action)
        if action is None:
            raise UnknownAction(f"There is no action {request.action[:50]!r} in this version.")
        return await run(action.run, self.caller, action.decode(request.payload))

    def prepare(
        self, request: envelope.Request
    ) -> tuple[Command, Callable[[Any], Answer[Any]]] | None:
        action = ACTIONS.get(request.action)
        if action is None or action.hot is None:
            return None
        asked = action.decode(request.payload)
        return action.hot.command(self.caller, asked), action.hot.answer

    def adapt(self, request: envelope.Request, answer: Answer[Any]) -> Answer[Any]:
        if request.action not in VERSIONS[self.encoding.version].settled_by_push:
            answer.settles = answer.repeat = None
        return answer

    def _known_organization(self) -> Organization:
        if self.organization is None:
            raise OrganizationNotFound
        return self.organization

    async def _ping(self) -> Pong:
        """The last number of the log itself: what this process handed out may be less."""
        if not self.logged_in:
            return Pong()
        head = (await get_bus().look([self._stream_id])).get(self._stream_id)
        return Pong(head.public_seq) if head else Pong()

    async def _log_in(self, asked: Login) -> Answer[LoggedIn]:
        if self.logged_in:
            raise ValidationFailed("This connection is logged in already.")
        version = VERSIONS[self.encoding.version]
        details = login.Details(
            customer=asked.customer or LoginCustomer(),
            page=asked.customer_page,
            side_storage=asked.customer_side_storage,
            group_number=asked.group_id,
            language=asked.fragments or header(self.scope, b"accept-language"),
            after=asked.cursor.seq if asked.cursor else None,
            epoch=asked.cursor.epoch if asked.cursor else "",
            referrer=asked.referrer,
        )
        result: login.Result = await run(
            login.log_in, asked.token, self._known_organization(), details
        )
        self._stream_id = result.stream_id
        self.organization_key = result.customer.organization_id
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

    def look_after(self) -> None:
        super().look_after()
        if self.logged_in:
            get_availability().look_after(self)

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

    def _tell(self, push: Push) -> None:
        if self.wants(push.action):
            self.push(push.action, push)
