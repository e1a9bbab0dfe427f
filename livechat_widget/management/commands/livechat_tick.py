"""Run the timed jobs: once for cron, or for ever for a service manager."""

import os
import socket
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from livechat_widget.domain.jobs import run_due
from livechat_widget.ticker import INTERVAL_SECONDS


class Command(BaseCommand):
    help = "Runs the timed jobs of the live chat once, or with --loop until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="keep running")

    def handle(self, *args: Any, **options: Any) -> None:
        holder = f"{socket.gethostname()}:{os.getpid()}"
        while True:
            run_due(holder)
            if not options["loop"]:
                return
            time.sleep(INTERVAL_SECONDS)
