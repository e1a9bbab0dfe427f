"""The Customer Chat API: every action, by name, in ``ACTIONS``; by HTTP alone, in ``POSTS``."""

from . import chats, customer, events, goals
from .registry import ACTIONS, POSTS

__all__ = ["ACTIONS", "POSTS", "chats", "customer", "events", "goals"]
