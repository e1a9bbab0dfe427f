from . import (
    chat,
    customer,
    deployment,
    event,
    form,
    greeting,
    mail,
    organization,
    stream,
    ticket,
)

__all__ = [
    "chat",
    "customer",
    "deployment",
    "event",
    "form",
    "greeting",
    "mail",
    "organization",
    "stream",
    "ticket",
]
