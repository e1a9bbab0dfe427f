"""
Fill a database of this project and print who may connect, as JSON.

Arguments: how many sets of 50 rooms, members of the idle crowd, members of the one large room.
A set is an organization of its own with one department and agent for each room of an agent.
"""

import itertools
import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Permission, User  # noqa: E402
from django.test import Client  # noqa: E402

from livechat_widget.domain import chats, customers, organizations, tokens  # noqa: E402
from livechat_widget.models import Agent, Customer, Organization, Stream  # noqa: E402
from livechat_widget.protocol.events import NewMessage  # noqa: E402

ROOMS = 50
# Who is the second member of a room: in one of five an agent, in one of five a widget.
SECONDS = ("client", "client", "client", "agent", "widget")
Member = dict[str, Any]
_numbers = itertools.count(1)


def rooms() -> list[list[Member]]:
    organization = organizations.create(f"Bench {next(_numbers)}")
    seconds = itertools.islice(itertools.cycle(SECONDS), ROOMS)
    return [room(organization, number, kind) for number, kind in enumerate(seconds, 1)]


def room(organization: Organization, number: int, kind: str) -> list[Member]:
    department = f"Department {number}"
    organization.groups.create(number=number, name=department, strategy="manual")
    customer = customers.create(organization)
    opening = chats.Opening(number, continuous=True, events=[NewMessage(text="Hello")])
    chat = chats.start(customer, opening).chat
    first = client(customer, chat.pk)
    if kind == "agent":
        return [first, console(organization, number, chat.pk)]
    return [first, client(customer, chat.pk, fragments="en" if kind == "widget" else "")]


def client(customer: Customer, chat_id: str = "", **login: str) -> Member:
    identity = customer.organization.organization_id
    path = f"/livechat/v3.5/customer/rtm/ws?organization_id={identity}"
    return {"path": path, "chat_id": chat_id, "login": {"token": tokens.mint(customer), **login}}


def console(organization: Organization, number: int, chat_id: str) -> Member:
    """An agent of this department alone, who is in the chat, with the console open."""
    name = f"agent-{organization.pk}-{number}"
    user = User.objects.create_user(name, f"{name}@bench.example", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="use_console"))
    agent = Agent.objects.create(user=user, organization=organization, name=name)
    agent.groups.set(organization.groups.filter(number=number))
    chats.join(chat_id, agent)
    browser = Client()
    browser.force_login(user)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}
    return {"path": "/livechat/console/ws", "headers": headers, "login": {"fragments": "en"}}


def crowd(size: int) -> list[Member]:
    """Visitors with the widget open who have not written yet."""
    organization = organizations.create("Crowd")
    people = Customer.objects.bulk_create(Customer(organization=organization) for _ in range(size))
    Stream.objects.bulk_create(Stream(customer=one, organization=organization) for one in people)
    return [client(one) for one in people]


def fan(size: int) -> list[Member]:
    """One chat, followed by many connections."""
    customer = customers.create(organizations.create("Fan"))
    opening = chats.Opening(continuous=True, events=[NewMessage(text="Hello")])
    chat = chats.start(customer, opening).chat
    return [client(customer, chat.pk) for _ in range(size)]


if __name__ == "__main__":
    sets, idle, large = map(int, sys.argv[1:])
    cast = {"sets": [rooms() for _ in range(sets)], "crowd": crowd(idle), "fan": fan(large)}
    json.dump(cast, sys.stdout)
