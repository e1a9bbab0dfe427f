"""Tell clients that this database was restored from an older copy."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand

from livechat_widget.domain.organizations import begin_epoch


class Command(BaseCommand):
    help = "Run after restoring a backup: clients drop what they hold and read their chats afresh."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"New epoch {begin_epoch(uuid.uuid4())}.")
