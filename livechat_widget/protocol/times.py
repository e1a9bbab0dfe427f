"""Times on the wire: RFC 3339, UTC, always six digits, so that they sort as text."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=4096)  # drawing one push asks a dozen times, mostly for what it asked before
def format_time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def parse_time(text: str) -> datetime:
    """Raise ``ValueError`` unless ``text`` is a time with its zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone, such as Z")
    return moment.astimezone(UTC)
