"""The Customer Chat API: every action, by name; by HTTP alone those of ``POSTS`` and ``READS``."""

from . import (
    chats,
    configuration,
    customer,
    events,
    forms,
    goals,
    greetings,
    groups,
    previews,
    properties,
)
from .registry import ACTIONS, POSTS, READS

__all__ = [
    "ACTIONS",
    "POSTS",
    "READS",
    "chats",
    "configuration",
    "customer",
    "events",
    "forms",
    "goals",
    "greetings",
    "groups",
    "previews",
    "properties",
]
