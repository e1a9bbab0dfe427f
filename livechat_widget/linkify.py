"""Plain text to safe HTML: everything is escaped, and web and mail addresses become links."""

import re

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

# What ends an address wherever it stands: white space, quotes and brackets that cannot be part of
# one, the backslash, which browsers read as a slash, and the characters that turn the direction of
# writing, with which a link can be made to look like another.
_CANDIDATE = re.compile(
    r"(?<![^\W_])(?:https?://|mailto:)[^\s\x00-\x1f\x7f<>\"\\^`{|}"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+",
    re.IGNORECASE,
)
_WEB = re.compile(r"https?://(?![^/?#]*@)[^/?#.:@]", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^@?]+@[^@?]+", re.IGNORECASE)
# The whole of an address; no user name in it can pass for its host.
_PAGE = re.compile(r"https?://(?![^/?#]*[@\\])[!-~]+", re.IGNORECASE)
_PUNCTUATION = frozenset(".,:;!?'*_~…。，、；：！？’”»›」』】》")
_OPENING = {")": "(", "]": "[", "）": "（"}


def linkify(text: str) -> SafeString:
    """Escape ``text``; ``http``, ``https`` and ``mailto`` addresses in it become links.

    The links open in a new tab, which learns nothing about the page that it came from.
    """
    parts: list[str] = []
    done = 0
    for match in _CANDIDATE.finditer(text):
        address = _without_tail(match.group())
        if not (_WEB.match(address) or _MAIL.match(address)):
            continue
        parts += escape(text[done : match.start()]), _link(address)
        done = match.start() + len(address)
    parts.append(escape(text[done:]))
    # Every part was escaped above.
    return mark_safe("".join(parts))


def link_page(address: str) -> SafeString:
    """The page that somebody says to be on: a link if it is one on the web, else escaped text."""
    return _link(address) if _PAGE.fullmatch(address) else escape(address)


def _link(address: str) -> SafeString:
    return format_html(
        '<a href="{0}" target="_blank" rel="noopener noreferrer ugc">{0}</a>', address
    )


def _without_tail(address: str) -> str:
    """Drop the punctuation of the sentence around an address, and brackets that it did not open."""
    # Counted once: counting anew for every bracket would take minutes for 16 kB of them.
    surplus = {
        closing: address.count(closing) - address.count(opening)
        for closing, opening in _OPENING.items()
    }
    end = len(address)
    while end:
        last = address[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _PUNCTUATION:
            break
        end -= 1
    return address[:end]
