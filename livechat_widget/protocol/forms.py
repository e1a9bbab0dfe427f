"""Forms: what is asked before a chat, after it, and by a ticket.

A type of field is one tagged Struct here, and one in ``answers`` for what is answered.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal

from msgspec import UNSET, Struct, UnsetType, structs

from ..conf import settings
from ..errors import AnswersRefused, ValidationFailed, Wrong
from .answers import (
    Choice,
    Filled,
    FilledCheckbox,
    FilledCheckboxForEmail,
    FilledEmail,
    FilledField,
    FilledGroupChooser,
    FilledHeader,
    FilledName,
    FilledQuestion,
    FilledRadio,
    FilledRating,
    FilledSelect,
    FilledSubject,
    FilledTextarea,
)


def _(text: str) -> str:
    """Marks what pages translate; the protocol itself speaks English."""
    return text


FormType = Literal["prechat", "postchat", "ticket"]

_PART = r"[^\s@<>(),;:\\\"\[\]\x00-\x1f\x7f]"
_ADDRESS = re.compile(rf"{_PART}{{1,64}}@{_PART}+\.{_PART}+")
_LONGEST_ADDRESS = 254
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST_LINE = 1000
CHANGED = _("the form has changed; fetch it again.")
NO_ADDRESS = Wrong(_("write an e-mail address, such as vera@example.org."))
REQUIRED = Wrong(_("an answer is required."))
_CHANGED = Wrong(CHANGED)


def is_address(text: str) -> bool:
    """Whether mail may be sent there: one plain address, with nothing that could end a header."""
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


class Option(Struct):
    """``checked``: chosen beforehand."""

    id: str
    label: str
    checked: bool = False


class GroupOption(Struct):
    id: str
    label: str
    group_id: int


class Plain(Struct, kw_only=True):
    """What every field has. Fields of ticket forms have no id: they are known by their place."""

    filled: ClassVar[type[Filled]]
    id: str | UnsetType = UNSET
    label: str

    def refusal(self, filled: Any) -> Wrong | None:
        """What is wrong with an answer; None when nothing is."""
        return None


class Asked(Plain, kw_only=True):
    required: bool = False


class Line(Asked, kw_only=True):
    """Answered by one line."""

    longest: ClassVar[int] = _LONGEST_LINE

    def refusal(self, filled: Any) -> Wrong | None:
        if _CONTROL.search(filled.answer or ""):
            return Wrong(_("one line, without control characters."))
        if len(filled.answer or "") > self.longest:
            return Wrong(_("at most %(most)s characters."), {"most": self.longest})
        return None


class Choosing(Asked, kw_only=True):
    """Answered by one of its options."""

    options: list[Option]

    def refusal(self, filled: Any) -> Wrong | None:
        return self._check([filled.answer])

    def _check(self, chosen: Sequence[Choice]) -> Wrong | None:
        if len({one.id for one in chosen}) < len(chosen):
            return Wrong(_("each option once."))
        known = {option.id: option.label for option in self.options}
        return None if all(known.get(one.id) == one.label for one in chosen) else _CHANGED


class Header(Plain, tag="header"):
    filled: ClassVar = FilledHeader


class Name(Line, tag="name"):
    filled: ClassVar = FilledName
    longest: ClassVar = 200


class Email(Line, tag="email"):
    filled: ClassVar = FilledEmail

    def refusal(self, filled: Any) -> Wrong | None:
        right = is_address((filled.answer or "").strip())
        return None if right else NO_ADDRESS


class Question(Line, tag="question"):
    filled: ClassVar = FilledQuestion


class Textarea(Asked, tag="textarea"):
    filled: ClassVar = FilledTextarea

    def refusal(self, filled: Any) -> Wrong | None:
        most = settings.MAX_TEXT_BYTES
        if len((filled.answer or "").encode()) > most:
            return Wrong(_("at most %(most)s bytes."), {"most": most})
        return None


class Subject(Line, tag="subject"):
    filled: ClassVar = FilledSubject
    longest: ClassVar = 200


class Radio(Choosing, tag="radio"):
    filled: ClassVar = FilledRadio


class Select(Choosing, tag="select"):
    filled: ClassVar = FilledSelect


class Checkbox(Choosing, tag="checkbox"):
    filled: ClassVar = FilledCheckbox

    def refusal(self, filled: Any) -> Wrong | None:
        return self._check(filled.answers)


class CheckboxForEmail(Asked, tag="checkbox_for_email", kw_only=True):
    """A box to be ticked; ``checked``: it is beforehand."""

    filled: ClassVar = FilledCheckboxForEmail
    checked: bool = False


class GroupChooser(Asked, tag="group_chooser", kw_only=True):
    filled: ClassVar = FilledGroupChooser
    options: list[GroupOption]

    def refusal(self, filled: Any) -> Wrong | None:
        chosen = filled.answer
        known = {(option.id, option.group_id, option.label) for option in self.options}
        right = chosen and (chosen.id, chosen.group_id, chosen.label) in known
        return None if right else _CHANGED


class Rating(Plain, tag="rating", kw_only=True):
    """Answered by the properties ``rating`` of the thread, not by the filled form."""

    filled: ClassVar = FilledRating
    required: Literal[False] = False
    comment_label: str = ""


Field = (
    Header | Name | Email | Question | Textarea | Subject | Radio | Select
    | Checkbox | CheckboxForEmail | GroupChooser | Rating
)  # fmt: skip
FIELDS: dict[str, type[Plain]] = {str(kind.__struct_config__.tag): kind for kind in Field.__args__}


class GroupForm(Struct):
    """Has at least one field: published clients look into the first."""

    id: str
    fields: list[Field]


def named(form: GroupForm) -> Iterator[tuple[str, Field]]:
    """The fields with the names that answers give: the id or, in a ticket form, the place."""
    for place, field in enumerate(form.fields):
        yield field.id or str(place), field


def check(form: GroupForm, answers: Sequence[FilledField]) -> list[FilledField]:
    """The answers in the form's order and under the form's own labels.

    Raises ``AnswersRefused`` with all that is wrong, by field; of what is no answer to a field of
    this form ``ValidationFailed``.
    """
    given = _by_id(answers)
    checked: list[FilledField] = []
    wrong: dict[str, Wrong] = {}
    for name, field in named(form):
        filled = given.pop(name, None)
        if found := _refusal(field, filled):
            wrong[name] = found
        elif filled is not None:
            checked.append(structs.replace(filled, label=field.label))
    for name in given:
        raise ValidationFailed(f"fields.{name[:50]}: there is no such field; {CHANGED}")
    if wrong:
        first = next(iter(wrong))
        label = next(field.label for name, field in named(form) if name == first)
        raise AnswersRefused(f"fields.{first} ({label[:50]}): {wrong[first]}", wrong)
    return checked


def _by_id(answers: Sequence[FilledField]) -> dict[str, FilledField]:
    given: dict[str, FilledField] = {}
    for filled in answers:
        if given.setdefault(filled.id, filled) is not filled:
            raise ValidationFailed(f"fields.{filled.id[:50]}: answer each field once.")
    return given


def _refusal(field: Field, filled: FilledField | None) -> Wrong | None:
    if filled is not None and type(filled) is not field.filled:
        return Wrong(f"this is no {filled.__struct_config__.tag}; {CHANGED}")
    if filled is None or not filled.is_answered():
        return REQUIRED if isinstance(field, Asked) and field.required else None
    return field.refusal(filled)
