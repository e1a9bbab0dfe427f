"""Join the sources of our pages into the files that they load. For who changes those sources."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from livechat_widget.management.bundles import BUNDLES, make
from livechat_widget.management.modules import Refused


class Command(BaseCommand):
    help = "Joins the widget's scripts and style sheets anew, after a change to one of them."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # Needed here only, and by nobody who installs the app.
            from rjsmin import jsmin  # type: ignore[import-untyped]
        except ImportError as error:
            raise CommandError("Needed for this: pip install rjsmin") from error
        for bundle in BUNDLES:
            try:
                files = make(bundle, jsmin)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
            for path, text in files.items():
                path.write_text(text, encoding="utf-8")
                self.stdout.write(f"{path.name}: {len(text.encode())} bytes")
