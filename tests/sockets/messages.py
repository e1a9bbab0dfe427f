"""Payloads that many tests send."""

from typing import Any


def message(text: str = "Hello", custom_id: str | None = None) -> dict[str, Any]:
    event = {"type": "message", "text": text}
    return {**event, "custom_id": custom_id} if custom_id else event


def opening(*events: dict[str, Any], **options: Any) -> dict[str, Any]:
    """A start_chat payload with these first events."""
    return {"chat": {"thread": {"events": list(events or [message()])}}, **options}
