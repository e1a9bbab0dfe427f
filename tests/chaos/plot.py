"""How a planted bug takes the place of a function while it is on."""

from functools import wraps
from typing import Any

from .control import Effects, Switches


class Plot:
    """Replaces functions by wrong ones, which are only wrong while their bug is on."""

    def __init__(self, switches: Switches, effects: Effects) -> None:
        self._switches, self._effects = switches, effects

    def on(self, bug: str) -> bool:
        return bool(self._switches.get("bug") == bug)

    def struck(self, bug: str) -> None:
        self._effects.note(f"{bug} struck")

    def replace(self, owner: Any, name: str, bug: str, wrong: Any) -> None:
        """``wrong`` gets the right function first, then its arguments."""
        right = getattr(owner, name)

        @wraps(right)
        def either(*args: Any, **kwargs: Any) -> Any:
            if self.on(bug):
                return wrong(right, *args, **kwargs)
            return right(*args, **kwargs)

        setattr(owner, name, either)
