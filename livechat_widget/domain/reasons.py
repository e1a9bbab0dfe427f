"""Why somebody got a chat, in words, from what was kept of the decision."""

from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec.structs import asdict

from ..models import Membership
from .decision import Decision

_SHOWN = 8
_FEWEST = _("%(agent)s had the fewest chats of those with room for another one.")
_SENTENCES = {
    "least_loaded": _FEWEST,
    "round_robin": _("It was %(agent)s's turn: the last chat that was given was longest ago."),
    "random": _("%(agent)s was drawn from those with room for another one."),
    "priority": _("%(agent)s had the fewest chats of those with the best priority and with room."),
    "last_agent": _("%(agent)s answered this visitor last."),
}


def explain(kept: dict[str, Any]) -> dict[str, Any]:
    """``sentence``; ``candidates`` with their figures, the likeliest first; ``agent``, by id;
    ``others``, how many candidates are left out."""
    made = msgspec.convert(kept, Decision)
    chosen = made.candidates[0]
    is_other = made.request.strategy == "last_agent" and made.request.last_agent != chosen.id
    sentence = _FEWEST if is_other else _SENTENCES[made.request.strategy]
    shown = made.candidates[:_SHOWN]
    return {
        "sentence": sentence % {"agent": chosen.name},
        "candidates": [
            {**asdict(one), "tier": Membership.Priority(one.priority).label} for one in shown
        ],
        "agent": made.agent,
        "others": len(made.candidates) - len(shown) + made.others,
    }
