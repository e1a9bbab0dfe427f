"""Sets the stage in a process of its own: migrates, makes casts, prints them as JSON.

    python -m tests.chaos.stage <casts> <customers per cast> <how many of them are watched>

A cast is an organization with Ann (no group), Bob (group 7) and customers. The last one writes to
group 7: what that one says is none of Ann's business. All but the first few write to group 8,
which nobody answers, so that a volume of messages is not a volume of consoles.
"""

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.chaos.settings")
GROUP, NOBODYS = 7, 8


def main(casts: int, customers: int, watched: int) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    drawn = [draw_cast(customers, watched) for _ in range(casts)]
    print(json.dumps(drawn))


def list_acts() -> list[str]:
    """The actions of a customer with a token, and the pages of an agent's console."""
    from django.contrib import admin

    from livechat_widget.actions.customer import ACTIONS, POSTS, UPLOADS
    from livechat_widget.admin.console_urls import console_urls

    pages = [str(url.name).partition("_console")[2] for url in console_urls(admin.site)]
    return [*ACTIONS, *POSTS, *UPLOADS, *(f"agent:{page.strip('_')}" for page in pages)]


def draw_cast(customers: int, watched: int) -> dict[str, Any]:
    from livechat_widget.models import Group
    from tests.cast import Cast

    cast = Cast()
    sales = Group.objects.create(
        organization=cast.organization, number=GROUP, name="Sales", strategy="manual"
    )
    bob = cast.agent("Bob")
    Group.objects.create(
        organization=cast.organization, number=NOBODYS, name="Elsewhere", strategy="manual"
    )
    bob.groups.add(sales)
    groups = [0 if number < watched else NOBODYS for number in range(customers - 1)] + [GROUP]
    return {
        "organization": cast.organization.pk,
        "agents": [_agent(cast.ann, [0]), _agent(bob, [0, GROUP])],
        "customers": [_customer(cast, group) for group in groups],
    }


def _customer(cast: Any, group: int) -> dict[str, Any]:
    from livechat_widget.domain import tokens

    customer = cast.customer()
    return {
        "id": str(customer.pk),
        "token": tokens.mint(customer),
        "group": group,
        "license_id": cast.organization.license_id,
        "organization_id": str(cast.organization.organization_id),
    }


def _agent(agent: Any, groups: list[int]) -> dict[str, Any]:
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client as Browser

    browser = Browser()
    browser.force_login(agent.user)
    return {
        "author": agent.public_id,
        "login": agent.login,
        "groups": groups,
        "session": browser.cookies[settings.SESSION_COOKIE_NAME].value,
        "csrf": _get_new_csrf_string(),
    }


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
