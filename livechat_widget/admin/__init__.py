from . import chat, customer, deployment, event, form, organization, stream, ticket, transcript

__all__ = [
    "chat",
    "customer",
    "deployment",
    "event",
    "form",
    "organization",
    "stream",
    "ticket",
    "transcript",
]
