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
    signing_key,
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
    "signing_key",
    "stream",
    "ticket",
]
