"""What says how the protocol is, made from the types that speak it. For who changes those."""

from pathlib import Path

from . import asyncapi, jsdoc, page
from .tables import ROOT

COMMAND = "python manage.py livechat_protocol"
STATIC = ROOT / "livechat_widget/static/livechat_widget"

DOCUMENTS = {
    "asyncapi": (ROOT / "docs/asyncapi.json", asyncapi.make),
    "docs": (ROOT / "docs/protocol.md", page.make),
    "jsdoc": (STATIC / "sdk/protocol.js", jsdoc.make),
}


def make(name: str) -> tuple[Path, str]:
    """Where a document is, and what should be in it."""
    path, text = DOCUMENTS[name]
    return path, text()
