"""How the versions of the customer API differ. Nothing else in the code knows a version.

The code speaks all of them at once: an object has every member that some version has. What a
version has not is in these tables, and ``shapes`` leaves it out. Names sort as the versions do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from .pushes import PUSHES, Reason

NAMES = ("3.3", "3.4", "3.5", "3.6", "3.7")


class Span(NamedTuple):
    """The versions that have something: from one to another, with both of them."""

    since: str = NAMES[0]
    until: str = NAMES[-1]

    def has(self, version: str) -> bool:
        return self.since <= version <= self.until

    def __str__(self) -> str:
        """In words; empty for what all have."""
        if self.since == self.until:
            return f"in {self.since} only"
        since = f"from {self.since} on" if self.since != NAMES[0] else ""
        return since or (f"up to {self.until}" if self.until != NAMES[-1] else "")


Spans = Mapping[str, Span]
_LATER = Span("3.6")
_EVERYWHERE = Span()

ACTIONS: Spans = {
    "get_predicted_agent": Span(until="3.6"),
    "delete_event": _LATER,
    "request_welcome_message": _LATER,
    "send_greeting_button_clicked": _LATER,
    "activate_customer_page": _LATER,
    "deactivate_customer_page": _LATER,
}
PUSHED: Spans = {
    "customer_page_updated": Span(until="3.3"),
    # How the status of a group is told.
    "incoming_multicast": Span(until="3.4"),
    "groups_status_updated": Span("3.5"),
    "event_deleted": _LATER,
    "incoming_event_preview": _LATER,
    "incoming_thinking_indicator": _LATER,
    "incoming_welcome_message": _LATER,
}
_PERSON = dict.fromkeys(("phone_number", "address", "omnichannel"), _LATER)
# By the name of the Struct, and of the member.
MEMBERS: Mapping[str, Spans] = {
    "ChatsPage": {"chats_summary": Span(until="3.6"), "chats_info": Span("3.7")},
    "ChatSummary": {
        "last_thread_id": Span(until="3.6"),
        "last_thread_created_at": Span(until="3.6"),
        "last_event_per_type": Span(until="3.6"),
        "last_thread_info": Span("3.7"),
    },
    "Customer": _PERSON,
    "CustomerPageUpdated": {"active": _LATER},
    "CustomerUpdated": _PERSON,
    "DynamicConfiguration": {
        "organization_id": Span("3.4"),
        **dict.fromkeys(
            (
                *("group_id", "client_limit_exceeded", "domain_allowed", "online_group_ids"),
                *("when_offline", "config_version", "localization_version", "language"),
            ),
            Span(until="3.5"),
        ),
        **dict.fromkeys(("default_widget", "livechat_active", "livechat"), _LATER),
    },
    "FilledForm": {"form_type": Span("3.4")},
    "Form": {"form_type": Span("3.4")},
    "Greeting": {"is_exit_intent": Span("3.5")},
    "LoginCustomer": {"address": _LATER},
    "NewPostback": {"ecommerce": _LATER},
    "Postback": {"ecommerce": _LATER},
    "Pressed": dict.fromkeys(("button_type", "button_value", "ecommerce"), _LATER),
    "UpdateCustomer": _PERSON,
}
_AGENT_ONLY = frozenset({"incoming_sneak_peek"})
# Requests whose promise clients settle on a push, which then carries the request id.
SETTLED: Mapping[str, tuple[str, Span]] = {
    "start_chat": ("incoming_chat", _EVERYWHERE),
    "resume_chat": ("incoming_chat", _EVERYWHERE),
    "send_event": ("incoming_event", _EVERYWHERE),
    "deactivate_chat": ("chat_deactivated", Span(until="3.4")),
}


@dataclass(frozen=True)
class Version:
    """One version, as the tables have it."""

    name: str
    # The query parameter that its clients name the organization by.
    organization_parameter: str = "organization_id"
    # What its clients know under another name: types of errors, and reasons to disconnect.
    errors: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[Reason, Reason] = field(default_factory=dict)

    def has_action(self, name: str) -> bool:
        return ACTIONS.get(name, _EVERYWHERE).has(self.name)

    @cached_property
    def pushes(self) -> frozenset[str]:
        """Those that connections of customers may get."""
        public = PUSHES.keys() - _AGENT_ONLY
        return frozenset(one for one in public if PUSHED.get(one, _EVERYWHERE).has(self.name))

    @cached_property
    def settled_by_push(self) -> dict[str, str]:
        return {action: push for action, (push, span) in SETTLED.items() if span.has(self.name)}


OLDEST = Version(
    NAMES[0],
    organization_parameter="license_id",
    errors={
        "chat_anonymized": "authorization",
        "limit_reached": "too_many_requests",
        "not_allowed": "authorization",
    },
    reasons={"access_token_revoked": "access_token_expired"},
)
VERSIONS: dict[str, Version] = {
    one.name: one for one in (OLDEST, *(Version(name) for name in NAMES[1:]))
}
LATEST = VERSIONS[NAMES[-1]]
