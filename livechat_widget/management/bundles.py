"""What a page loads in one piece: its ES modules as one script, its style sheets as one sheet."""

import re
from dataclasses import dataclass
from pathlib import Path

from .modules import Minify, Refused, join

STATIC = Path(__file__).parent.parent / "static/livechat_widget"
COMMAND = "manage.py livechat_bundle"
_ADDRESS = re.compile(r"@import\b|\burl\(", re.IGNORECASE)
_STRING = r"(\"[^\"\n]*\"|'[^'\n]*')"
_COMMENT = re.compile(_STRING + r"|/\*.*?\*/", re.DOTALL)
# Before a colon a space may be what joins two selectors: it stays.
_SPACE = re.compile(_STRING + r"|\s*([{};,])\s*|(:)\s+|\s+")


@dataclass(frozen=True)
class Bundle:
    """Sources of a page; paths count from the folder of our static files."""

    name: str
    entry: str
    sheets: tuple[str, ...]


BUNDLES = (
    Bundle(
        "widget",
        entry="widget/widget.js",
        sheets=(
            "css/tokens.css",
            "css/base.css",
            "css/events.css",
            "css/rich.css",
            "css/widget.css",
            "css/composer.css",
        ),
    ),
    Bundle(
        "greeting",
        entry="widget/greeting.js",
        sheets=(
            "css/tokens.css",
            "css/base.css",
            "css/events.css",
            "css/rich.css",
            "css/greeting.css",
        ),
    ),
    Bundle("widget-more", entry="widget/more.js", sheets=("css/history.css", "css/questions.css")),
)


def make(bundle: Bundle, minify: Minify) -> dict[Path, str]:
    """The text of each file of the bundle; ``minify`` is for JavaScript. Raises ``Refused``."""
    script = join(STATIC / bundle.entry, minify)
    sheet = _shrink("\n".join(_read_sheet(name) for name in bundle.sheets))
    return {
        # Types are checked in the sources.
        STATIC / f"{bundle.name}.bundle.js": f"// @ts-nocheck: made by {COMMAND}\n{script}",
        STATIC / f"{bundle.name}.bundle.css": f"/* Made by {COMMAND} */\n{sheet}\n",
    }


def _read_sheet(name: str) -> str:
    text = (STATIC / name).read_text(encoding="utf-8")
    if found := _ADDRESS.search(text):
        raise Refused(f"{name}: {found[0]!r} would lead elsewhere from the joined sheet.")
    return text


def _shrink(sheet: str) -> str:
    """Without comments, and without the spaces that mean nothing."""
    bare = _COMMENT.sub(lambda match: match[1] or " ", sheet)
    return _SPACE.sub(lambda match: match[1] or match[2] or match[3] or " ", bare).strip()
