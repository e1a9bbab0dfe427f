from . import chat, customer, deployment, event, form, organization, stream, transcript

__all__ = [
    "chat",
    "customer",
    "deployment",
    "event",
    "form",
    "organization",
    "stream",
    "transcript",
]
