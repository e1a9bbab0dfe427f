from . import chat, customer, deployment, event, organization, stream

__all__ = ["chat", "customer", "deployment", "event", "organization", "stream"]
