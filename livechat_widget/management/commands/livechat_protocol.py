"""Write anew what says how the protocol is. For who changes an action, an event or a push."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from livechat_widget.management.documents import DOCUMENTS, make
from livechat_widget.management.documents.tables import EXAMPLES


class Command(BaseCommand):
    help = "Makes the protocol's AsyncAPI document, its page in the docs and the SDK's types anew."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("documents", nargs="*", metavar="|".join(DOCUMENTS))

    def handle(self, *args: Any, **options: Any) -> None:
        if unknown := set(options["documents"]) - DOCUMENTS.keys():
            known = ", ".join(DOCUMENTS)
            raise CommandError(f"There is no {', '.join(sorted(unknown))}; there are {known}.")
        if not EXAMPLES.is_dir():
            raise CommandError("Run this in a checkout: the examples are among its tests.")
        for name in options["documents"] or DOCUMENTS:
            path, text = make(name)
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{path.name}: {len(text.encode())} bytes")
