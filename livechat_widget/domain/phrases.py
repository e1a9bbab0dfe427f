"""What the widget says, in the reader's language."""

import ast
import re
from functools import cache
from pathlib import Path

from django.utils import translation
from django.utils.translation.template import templatize

_TEMPLATES = Path(__file__).parent.parent / "templates/livechat_widget"
_WIDGET = ("launcher.html", "widget/**/*.html", "events/*.html")
_MESSAGE = re.compile(r"""(?:gettext\(u|_\()("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


def list_phrases(language: str) -> dict[str, str]:
    """Each phrase by a key made of its English, with ``%name%`` for what is put in.

    Raises ``LookupError`` for a language that the site does not have.
    """
    with translation.override(translation.get_supported_language_variant(language)):
        return {
            re.sub(r"\W+", "_", _placed(message)).strip("_"): _placed(translation.gettext(message))
            for message in _messages()
        }


@cache
def _messages() -> tuple[str, ...]:
    """As makemessages finds them in the templates of the widget's page."""
    files = sorted(file for pattern in _WIDGET for file in _TEMPLATES.glob(pattern))
    found = (_MESSAGE.findall(templatize(file.read_text(encoding="utf-8"))) for file in files)
    return tuple(dict.fromkeys(ast.literal_eval(one) for messages in found for one in messages))


def _placed(message: str) -> str:
    return re.sub(r"%\((\w+)\)[sd]", r"%\1%", message).replace("%%", "%")
