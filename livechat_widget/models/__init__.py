from .agent import Agent, Membership
from .ban import Ban
from .chat import Chat, ChatUser
from .customer import Customer
from .deployment import Deployment, Lease
from .event import Event
from .file import File
from .form import Form, FormField
from .greeting import Greeting, GreetingTemplate
from .group import Group
from .mail import Mail
from .organization import Organization
from .presence import Presence
from .rule import RoutingRule
from .signing_key import SigningKey
from .stream import Stream, StreamEntry
from .thread import Thread
from .ticket import Ticket
from .worker import Worker

__all__ = [
    "Agent",
    "Ban",
    "Chat",
    "ChatUser",
    "Customer",
    "Deployment",
    "Event",
    "File",
    "Form",
    "FormField",
    "Greeting",
    "GreetingTemplate",
    "Group",
    "Lease",
    "Mail",
    "Membership",
    "Organization",
    "Presence",
    "RoutingRule",
    "SigningKey",
    "Stream",
    "StreamEntry",
    "Thread",
    "Ticket",
    "Worker",
]
