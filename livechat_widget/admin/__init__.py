from . import (
    ban,
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
    "ban",
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
