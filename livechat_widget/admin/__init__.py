from . import (
    chat,
    customer,
    deployment,
    event,
    form,
    greeting,
    organization,
    stream,
    ticket,
    transcript,
)

__all__ = [
    "chat",
    "customer",
    "deployment",
    "event",
    "form",
    "greeting",
    "organization",
    "stream",
    "ticket",
    "transcript",
]
