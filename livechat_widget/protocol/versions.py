"""How the versions of the customer API differ. Nothing else in the code knows a version."""

from dataclasses import dataclass, field

from .pushes import PUSHES, Reason

_AGENT_ONLY = frozenset({"incoming_sneak_peek"})
_PUSHES = frozenset(PUSHES) - _AGENT_ONLY


@dataclass(frozen=True)
class Version:
    """One version, as tables."""

    name: str
    # The query parameter that its clients name the organization by.
    organization_parameter: str
    # Requests whose promise clients settle on a push, which then carries the request id.
    settled_by_push: dict[str, str]
    # Pushes that connections of this version may get.
    pushes: frozenset[str] = _PUSHES
    # Reasons to disconnect that its clients know under another name.
    reasons: dict[Reason, Reason] = field(default_factory=dict)


_SETTLED = {
    "start_chat": "incoming_chat",
    "resume_chat": "incoming_chat",
    "send_event": "incoming_event",
}

VERSIONS: dict[str, Version] = {
    version.name: version
    for version in (
        Version(
            name="3.3",
            organization_parameter="license_id",
            settled_by_push={**_SETTLED, "deactivate_chat": "chat_deactivated"},
            pushes=_PUSHES - {"groups_status_updated"},
            reasons={"access_token_revoked": "access_token_expired"},
        ),
        Version(
            name="3.5",
            organization_parameter="organization_id",
            settled_by_push=_SETTLED,
            pushes=_PUSHES - {"customer_page_updated", "incoming_multicast"},
        ),
    )
}

LATEST = VERSIONS["3.5"]
