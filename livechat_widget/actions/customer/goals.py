"""Goals of a campaign (Customer Chat API: check_goals)."""

from msgspec import Struct

from ...protocol.fields import SessionFields, Url
from ..registry import Answer, Caller, Nothing
from .registry import POSTS


class CheckGoals(Struct):
    """What a customer who is not connected looks at: taken, and nothing is kept of it."""

    session_fields: SessionFields
    group_id: int
    page_url: Url


@POSTS.action
def check_goals(caller: Caller, request: CheckGoals) -> Answer[Nothing]:
    """Taken, and nothing is kept of it: there are no goals here that it could reach."""
    return Answer()
