"""The Customer Chat API: every action, by name, in ``ACTIONS``."""

from . import chats, customer, events
from .registry import ACTIONS

__all__ = ["ACTIONS", "chats", "customer", "events"]
