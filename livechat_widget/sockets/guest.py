"""A customer's socket before anybody has logged in to it, and how it ends with a reason."""

from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from django.db import OperationalError
from msgspec import UNSET

from ..conf import settings
from ..delivery.encode import Encoding, encode_push
from ..delivery.threads import run
from ..domain import organizations, tokens
from ..errors import LimitReached, MisdirectedRequest, OrganizationNotFound, ValidationFailed
from ..models import Organization
from ..origins import check_origin, is_trusted
from ..protocol.pushes import CustomerDisconnected, DisconnectionData, Reason
from ..protocol.versions import LATEST, VERSIONS
from ..protocol.views import View
from .connection import FAILED, LOGIN_FAILED, Connection
from .headers import header
from .limits import crowd, gate

# The push before the close says why.
DISMISSED = 4410


class Guest(Connection):
    """What is refused here is told by ``customer_disconnected``, since no response can."""

    organization: Organization | None = None
    token_ends_at = 0.0
    _vouched = ""
    _unwelcome: tuple[int, Reason, dict[str, Any]] | None = None
    _waiting = False
    _counted = ""

    async def is_welcome(self) -> bool:
        version = self.route["version"]
        self.encoding = Encoding(View.CUSTOMER, version if version in VERSIONS else LATEST.name)
        query = dict(parse_qsl(self.scope.get("query_string", b"").decode("latin-1")))
        origin, host = header(self.scope, b"origin"), header(self.scope, b"host")
        self.organization = await run(_find_organization, query)
        if version not in VERSIONS:
            self._unwelcome = (DISMISSED, "unsupported_version", {})
        elif self.organization is None:
            self._unwelcome = (LOGIN_FAILED, "license_not_found", {})
        else:
            try:
                organizations.check_region(query, host)
            except MisdirectedRequest as error:
                self._unwelcome = (DISMISSED, "misdirected_connection", error.data or {})
        secure = self.scope.get("scheme") == "wss"
        if self.organization is None:
            return is_trusted(origin, host, None, secure=secure)
        await run(partial(check_origin, origin, host, self.organization, secure=secure))
        return True

    def stumble(self, error: Exception) -> bool:
        busy = isinstance(error, OperationalError)
        reason: Reason = "service_temporarily_unavailable" if busy else "internal_error"
        self._unwelcome = (FAILED, reason, {})
        return True

    def opened(self) -> None:
        if self._unwelcome is None:
            self._waiting = gate.begin_waiting(self.address)
            if not self._waiting:
                self._unwelcome = (DISMISSED, "too_many_unauthorized_connections", {})
        if self._unwelcome is not None:
            code, reason, data = self._unwelcome
            self.organization = None  # whatever it asks, it is answered by the end
            self.disconnect(code, reason, **data)

    def closed(self) -> None:
        self.end_waiting()
        self.give_place_back()

    def end_waiting(self) -> None:
        """The address may have another socket without a login instead of this one."""
        if self._waiting:
            self._waiting = False
            gate.end_waiting(self.address)

    def disconnect(self, code: int, reason: Reason, **data: Any) -> None:
        said = VERSIONS[self.encoding.version].reasons.get(reason, reason)
        push = CustomerDisconnected(reason=said, data=DisconnectionData(**data) if data else UNSET)
        # At once: the response to what is being carried out does not come any more.
        if frame := encode_push(self.encoding, push.action, push):
            self.outbox.put(frame)
        super().disconnect(code, reason)

    def known_organization(self) -> Organization:
        """Raises ``OrganizationNotFound``."""
        if self.organization is None:
            raise OrganizationNotFound
        return self.organization

    def take_a_place(self, claims: tokens.Claims) -> None:
        """What is counted is given back where the login fails, and at the end."""
        if not crowd.enter(claims.customer_id):
            self.disconnect(DISMISSED, "too_many_connections")
            raise LimitReached(
                f"A customer has at most {settings.SOCKETS_PER_CUSTOMER} connections;"
                " close another one first."
            )
        self._counted, self.token_ends_at = claims.customer_id, claims.ends_at
        self._vouched = claims.vouched

    def give_place_back(self) -> None:
        """As if there had been no login."""
        if self._counted:
            crowd.leave(self._counted)
            self._counted = ""


def _find_organization(query: dict[str, str]) -> Organization | None:
    try:
        return organizations.asked_for(query)
    except (OrganizationNotFound, ValidationFailed):
        return None
