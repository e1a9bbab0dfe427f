"""Ratings: what a customer thinks of a thread, kept there as the properties of ``rating``."""

from collections.abc import Collection, Mapping
from typing import Any

from ..delivery import log
from ..models import Stream, Thread
from .batch import Author
from .notes import name_of, note


def tell(
    stream: Stream, thread: Thread, author: Author, changed: Mapping[str, Any]
) -> list[log.NewEntry]:
    """The notes of a new score, of a new comment, or of both."""
    entries = []
    if "score" in changed:
        score = str(changed["score"])
        entries.append(
            note(stream, thread, "rating.chat_rated", customer=name_of(author), score=score)
        )
    if "comment" in changed:
        words = {"customer": name_of(author), "comment": changed["comment"]}
        entries.append(note(stream, thread, "rating.chat_commented", **words))
    return entries


def tell_of_withdrawal(
    stream: Stream, thread: Thread, author: Author, gone: Collection[str]
) -> list[log.NewEntry]:
    """The note of a score that was deleted; a comment goes without one."""
    if "score" not in gone:
        return []
    return [note(stream, thread, "rating.chat_rating_canceled", customer=name_of(author))]
