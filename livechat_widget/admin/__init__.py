from . import chat, customer, deployment, event, organization, stream, transcript

__all__ = ["chat", "customer", "deployment", "event", "organization", "stream", "transcript"]
