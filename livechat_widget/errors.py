"""One error class per error type on the wire, raised anywhere below the doors.

A door turns them into ``{"error": {"type", "message", "data"?}}``.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple


class LivechatError(Exception):
    """Something the caller can act on; ``message`` says what to do next."""

    type: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    default: ClassVar[str] = "Something went wrong on the server; try again."

    def __init__(self, message: str = "", data: dict[str, Any] | None = None) -> None:
        super().__init__(message or self.default)
        self.data = data

    @property
    def message(self) -> str:
        return str(self)

    def as_wire(self, names: Mapping[str, str] | None = None) -> dict[str, Any]:
        """``names``: the types that go by another name."""
        kind = (names or {}).get(self.type, self.type)
        wire: dict[str, Any] = {"type": kind, "message": self.message}
        return {**wire, "data": self.data} if self.data else wire


class Internal(LivechatError):
    pass


class ValidationFailed(LivechatError):
    type, status = "validation", 400
    default = "Wrong format of the request."


class Wrong(NamedTuple):
    """What is wrong with an answer, to be translated before its values are put in."""

    text: str
    values: Mapping[str, object] = {}

    def __str__(self) -> str:
        return self.text % self.values


class AnswersRefused(ValidationFailed):
    """The answers to a form; ``fields`` has what is wrong by the names of the fields."""

    def __init__(self, message: str, fields: Mapping[str, Wrong]) -> None:
        super().__init__(message)
        self.fields = fields


class UnknownAction(ValidationFailed):
    status = 404
    default = "There is no such action."


class WrongMethod(ValidationFailed):
    status = 405


class UnsupportedVersion(LivechatError):
    type, status = "unsupported_version", 400
    default = "This version is not spoken here."


class Unauthenticated(LivechatError):
    type, status = "authentication", 401
    default = "The access token is missing, expired or not ours; fetch a fresh one."


class NotAllowed(LivechatError):
    type, status = "authorization", 403
    default = "You may not do this."


class ActionNotAllowed(LivechatError):
    type, status = "not_allowed", 403
    default = "This is not allowed as things stand."


class NotFound(LivechatError):
    type, status = "not_found", 404
    default = "There is no such thing, or it is not yours."


class ChatInactive(LivechatError):
    type, status = "chat_inactive", 400
    default = "The chat has no active thread; resume it first."


class ChatAlreadyActive(LivechatError):
    type, status = "chat_already_active", 400
    default = "The chat is active already; send events to it."


class ChatLimitReached(LivechatError):
    type, status = "chat_limit_reached", 400
    default = "A customer has one chat; resume it instead of starting another."


class CustomerSessionFieldsLimitReached(LivechatError):
    type, status = "customer_session_fields_limit_reached", 400
    default = "session_fields: at most 100 keys; leave some out."


class GreetingNotFound(LivechatError):
    type, status = "greeting_not_found", 404
    default = "There is no such greeting, or it is not yours, or it is over."


class GroupNotFound(LivechatError):
    type, status = "group_not_found", 404
    default = "There is no such group in this organization."


class GroupOffline(LivechatError):
    type, status = "group_offline", 400
    default = "No agent of this group accepts chats; try again later."


class GroupUnavailable(LivechatError):
    type, status = "group_unavailable", 400
    default = "Every agent of this group is busy; try again later."


class GroupsOffline(LivechatError):
    type, status = "groups_offline", 400
    default = "No agent is available; try again later or start with continuous: true."


class OrganizationNotFound(LivechatError):
    type, status = "license_not_found", 404
    default = "There is no such organization; check license_id or organization_id."


class OrganizationSuspended(LivechatError):
    type, status = "license_expired", 403
    default = "This organization is suspended; its administrator can change that."


class CustomerBanned(LivechatError):
    type, status = "customer_banned", 403
    default = "This visitor may not chat here for the time being."


class UsersLimitReached(LivechatError):
    type, status = "users_limit_reached", 503
    default = "As many customers are online as there may be; try again later."


class MisdirectedRequest(LivechatError):
    type, status = "misdirected_request", 421
    default = "The organization is in another region; data.region says in which."


class WrongProductVersion(LivechatError):
    type, status = "wrong_product_version", 403
    default = "This organization no longer takes clients of this version; use a newer one."


class RequestTimeout(LivechatError):
    type, status = "request_timeout", 504
    default = "The request took too long; it may still be carried out. Ask before you repeat it."


class ServiceUnavailable(LivechatError):
    type, status = "service_unavailable", 503
    default = "The server is busy; try again in a moment."


class PendingRequestsLimitReached(LivechatError):
    type, status = "pending_requests_limit_reached", 429
    default = "Too many requests of this connection are unanswered; wait for answers."


class LimitReached(LivechatError):
    type, status = "limit_reached", 400
    default = "There may not be more of these."


class TooManyRequests(LivechatError):
    type, status = "too_many_requests", 429
    default = "Too many requests; wait a while before the next one."


class EntityTooLarge(LivechatError):
    type, status = "entity_too_large", 413
    default = "The body is too large."
