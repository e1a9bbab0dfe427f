"""What was answered in a form: one tagged Struct for each type of field in ``forms``."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from .fields import Id, Text


class Choice(Struct):
    """One of a field's options, by its id, and with its label."""

    id: Text
    label: Text


class GroupChoice(Struct):
    id: Text
    group_id: int
    label: Text


class Filled(Struct, kw_only=True):
    """A field and its answer; what asks for nothing has none."""

    id: Id
    label: Text = ""

    def is_answered(self) -> bool:
        return False

    def as_text(self) -> str:
        """The answer in words, for a mail."""
        return ""


class FilledText(Filled, kw_only=True):
    answer: Text | UnsetType = UNSET

    def is_answered(self) -> bool:
        return bool(self.answer and self.answer.strip())

    def as_text(self) -> str:
        return self.answer or ""


class FilledChoice(Filled, kw_only=True):
    answer: Choice | UnsetType = UNSET

    def is_answered(self) -> bool:
        return self.answer is not UNSET

    def as_text(self) -> str:
        return self.answer.label if self.answer else ""


class FilledHeader(Filled, tag="header"):
    pass


class FilledName(FilledText, tag="name"):
    pass


class FilledEmail(FilledText, tag="email"):
    pass


class FilledQuestion(FilledText, tag="question"):
    pass


class FilledTextarea(FilledText, tag="textarea"):
    pass


class FilledSubject(FilledText, tag="subject"):
    pass


class FilledRadio(FilledChoice, tag="radio"):
    pass


class FilledSelect(FilledChoice, tag="select"):
    pass


class FilledCheckbox(Filled, tag="checkbox", kw_only=True):
    answers: Annotated[list[Choice], Meta(max_length=100)] | UnsetType = UNSET

    def is_answered(self) -> bool:
        return bool(self.answers)

    def as_text(self) -> str:
        return ", ".join(one.label for one in self.answers or ())


class FilledCheckboxForEmail(Filled, tag="checkbox_for_email", kw_only=True):
    answer: bool | UnsetType = UNSET

    def is_answered(self) -> bool:
        return self.answer is True

    def as_text(self) -> str:
        return "yes" if self.answer else ""


class FilledGroupChooser(Filled, tag="group_chooser", kw_only=True):
    answer: GroupChoice | UnsetType = UNSET

    def is_answered(self) -> bool:
        return self.answer is not UNSET

    def as_text(self) -> str:
        return self.answer.label if self.answer else ""


class FilledRating(Filled, tag="rating"):
    pass


FilledField = (
    FilledHeader | FilledName | FilledEmail | FilledQuestion | FilledTextarea | FilledSubject
    | FilledRadio | FilledSelect | FilledCheckbox | FilledCheckboxForEmail | FilledGroupChooser
    | FilledRating
)  # fmt: skip
Answers = Annotated[list[FilledField], Meta(max_length=100)]
