"""Events as plain text: for mails, for lists, and wherever there is only room for words."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from ..models import Event

# What nobody has said, and nobody waits for an answer to.
UNSAID = frozenset({"system_message", "custom"})


def in_words(row: Event) -> str:
    """What an event says, its first line first; empty where it says nothing to people."""
    say = _SAY.get(row.type, _text)
    return say(row.content)


def _text(content: dict[str, Any]) -> str:
    text: str = content.get("text", "")
    return text


def _file(content: dict[str, Any]) -> str:
    return f"{_('File')}: {content.get('alternative_text') or content['name']}"


def _filled_form(content: dict[str, Any]) -> str:
    answers = (f"{field['label']}: {_answer(field)}" for field in content["fields"])
    return "\n".join([_("Filled form"), *answers])


def _answer(field: dict[str, Any]) -> str:
    answers = field.get("answers", [field.get("answer", "")])
    return ", ".join(map(_spoken, answers))


def _spoken(answer: Any) -> str:
    if isinstance(answer, bool):
        return _("yes") if answer else _("no")
    return answer["label"] if isinstance(answer, dict) else str(answer)


def _form(content: dict[str, Any]) -> str:
    return "\n".join([_("Form"), *(field["label"] for field in content["fields"])])


def _rich_message(content: dict[str, Any]) -> str:
    return "\n".join(part for part in _parts(content) if part) or _("Picture")


def _parts(content: dict[str, Any]) -> Iterable[str]:
    for element in content["elements"]:
        yield element.get("title", "")
        yield element.get("subtitle", "")
        yield element.get("image", {}).get("alternative_text", "")
        yield " · ".join(button["text"] for button in element.get("buttons", ()))


_SAY: dict[str, Callable[[dict[str, Any]], str]] = {
    "file": _file,
    "filled_form": _filled_form,
    "form": _form,
    "rich_message": _rich_message,
    "custom": lambda content: "",
}
