"""The Customer Chat API: every action, by name; by HTTP alone those of ``POSTS``, ``UPLOADS`` and
``READS``."""

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
    uploads,
)
from .registry import ACTIONS, POSTS, READS, UPLOADS

__all__ = [
    "ACTIONS",
    "POSTS",
    "READS",
    "UPLOADS",
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
    "uploads",
]
