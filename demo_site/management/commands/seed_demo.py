from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from demo_site.cast import AGENTS
from demo_site.seed import seed


class Command(BaseCommand):
    help = "Fills the demo's database with agents, groups and past chats; safe to run again."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        with transaction.atomic():
            seed()
        if verbosity:
            for login in AGENTS:
                self.stdout.write(f"{login.name}: {login.username} / {login.password}")
