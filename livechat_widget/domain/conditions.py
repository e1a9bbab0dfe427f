"""When a greeting is shown by itself: a kind of condition is one class here, with its parameter."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from ..models import Customer


@dataclass(frozen=True)
class Situation:
    """What is known of a customer when a page is opened, or a chat begins."""

    url: str = ""
    title: str = ""
    referrer: str = ""
    visits: int = 0
    online: bool = False
    language: str = ""
    fields: dict[str, str] = field(default_factory=dict)


class Condition(Struct):
    """Has one parameter, which the admin asks for under this label."""

    label: ClassVar[Any]

    def holds(self, situation: Situation) -> bool:
        raise NotImplementedError


class PageUrl(Condition, tag="page_url"):
    label: ClassVar = _("The page's address is one of these, where * stands for anything")
    patterns: list[str]

    def holds(self, situation: Situation) -> bool:
        return any(matches(pattern, situation.url) for pattern in self.patterns)


class PageTitle(Condition, tag="page_title"):
    label: ClassVar = _("The page's title contains")
    contains: str

    def holds(self, situation: Situation) -> bool:
        return self.contains.casefold() in situation.title.casefold()


class Visits(Condition, tag="visits"):
    label: ClassVar = _("The visitor is here at least for the so-and-so-many-th time")
    at_least: int

    def holds(self, situation: Situation) -> bool:
        return situation.visits >= self.at_least


class Referrer(Condition, tag="referrer"):
    label: ClassVar = _("The visitor came from one of these addresses, where * stands for anything")
    patterns: list[str]

    def holds(self, situation: Situation) -> bool:
        return any(matches(pattern, situation.referrer) for pattern in self.patterns)


class GroupStatus(Condition, tag="group_status"):
    label: ClassVar = _("The group is")
    status: Literal["online", "offline"]

    def holds(self, situation: Situation) -> bool:
        return situation.online == (self.status == "online")


class Language(Condition, tag="language"):
    label: ClassVar = _("The visitor's language is one of these codes, such as pt or pt-br")
    languages: list[str]

    def holds(self, situation: Situation) -> bool:
        mine = situation.language.casefold()
        return any(
            mine == one or mine.startswith(f"{one}-") for one in map(str.casefold, self.languages)
        )


class SessionField(Condition, tag="session_field"):
    label: ClassVar = _("A session field is one of these, such as plan=gold; * stands for anything")
    fields: list[str]

    def holds(self, situation: Situation) -> bool:
        mine = [f"{name}={value}" for name, value in situation.fields.items()]
        return any(matches(pattern, one) for pattern in self.fields for one in mine)


AnyCondition = PageUrl | PageTitle | Visits | Referrer | GroupStatus | Language | SessionField
CONDITIONS: dict[str, type[Condition]] = {
    str(kind.__struct_config__.tag): kind for kind in AnyCondition.__args__
}


def all_hold(conditions: Iterable[dict[str, Any]], situation: Situation) -> bool:
    """Of conditions as a template stores them."""
    return all(one.holds(situation) for one in msgspec.convert(conditions, list[AnyCondition]))


def fields_of(customer: Customer) -> dict[str, str]:
    """The session fields as one mapping; of two with the same name the later one counts."""
    return {name: value for one in customer.session_fields for name, value in one.items()}


def matches(pattern: str, text: str) -> bool:
    """``*`` stands for anything, everything else for itself; case does not count."""
    first, *others = pattern.casefold().split("*")
    rest = text.casefold()
    if not others:
        return rest == first
    if not rest.startswith(first):
        return False
    rest = rest[len(first) :]
    *middle, last = others
    for part in middle:
        place = rest.find(part)
        if place < 0:
            return False
        rest = rest[place + len(part) :]
    return rest.endswith(last)
