"""The app that brings faults into a worker. The product knows nothing of it."""

import os
from pathlib import Path

from django.apps import AppConfig

from .control import Effects, Switches


class ChaosConfig(AppConfig):
    name = "tests.chaos"
    switches: Switches
    effects: Effects

    def ready(self) -> None:
        if folder := os.environ.get("CHAOS_WORKER"):
            self.switches = Switches(Path(folder) / "control.json")
            self.effects = Effects(Path(folder) / "effects.jsonl")
            from . import bugs, failpoints  # they patch the product, whose apps must be loaded

            failpoints.install(self.switches, self.effects)
            bugs.install(self.switches, self.effects)
