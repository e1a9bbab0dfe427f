"""Migrate, seed and serve in one process: what `make demo` runs."""

from typing import Any

from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from twisted.internet import reactor

from demo_site.asgi import application
from demo_site.cast import AGENTS


class Command(BaseCommand):
    help = "Migrates and seeds the demo's database, then serves the shop until it is interrupted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("seed_demo", verbosity=0)
        server = Server(
            application,
            endpoints=build_endpoint_description_strings(host=host, port=port),
            # A browser that fell off the network is noticed by its missing pong.
            ping_interval=10,
            ping_timeout=10,
            # Once the loop runs: before it, an interrupt would end in a traceback.
            ready_callable=lambda: reactor.callWhenRunning(self.print_addresses, port),
        )
        server.run()
        if server.abort_start:
            raise CommandError(f"Port {port} is taken. Choose another: make demo PORT={port + 1}")

    def print_addresses(self, port: int) -> None:
        site = f"http://localhost:{port}"
        console = reverse("admin:livechat_widget_chat_console")
        login = AGENTS[0]
        self.stdout.write(f"Shop     {site}{reverse('home')}")
        self.stdout.write(f"Console  {site}{console}")
        self.stdout.write(f"Agent    {login.username} / {login.password}")
        self.stdout.flush()
