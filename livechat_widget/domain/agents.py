"""Agents: who may answer, and whether they do just now."""

from typing import Any

from ..errors import NotAllowed
from ..models import Agent


def of_user(user: Any) -> Agent:
    """The agent profile of a signed-in member of staff who may use the console."""
    if not (user.is_active and user.is_staff):
        raise NotAllowed("Sign in to the admin first.")
    if not user.has_perm("livechat_widget.use_console"):
        raise NotAllowed("Ask for the permission “Can answer chats in the console”.")
    agent = Agent.objects.filter(user=user.pk).first()
    if agent is None:
        raise NotAllowed("You have no agent profile yet; add one under Agents in the admin.")
    agent.user = user  # this one has looked up its permissions already
    return agent


def set_accepting(agent: Agent, accepting: bool) -> None:
    agent.accepting = accepting
    agent.save(update_fields=["accepting"])
