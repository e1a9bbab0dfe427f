"""Events in words, for mails and lists."""

from typing import Any

import pytest

from livechat_widget.delivery.words import in_words
from livechat_widget.models import Event


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("message", {"text": "Hi"}, "Hi"),
        ("system_message", {"text": "Ann left"}, "Ann left"),
        ("file", {"name": "a.pdf"}, "File: a.pdf"),
        ("file", {"name": "a.png", "alternative_text": "A scarf"}, "File: A scarf"),
        ("form", {"fields": [{"label": "Name"}, {"label": "Team"}]}, "Form\nName\nTeam"),
        (
            "filled_form",
            {
                "fields": [
                    {"label": "Name", "answer": "Vera"},
                    {"label": "Topics", "answers": [{"label": "Sizes"}, {"label": "Colours"}]},
                    {"label": "Team", "answer": {"label": "Sales"}},
                    {"label": "News?", "answer": False},
                    {"label": "Left out"},
                ]
            },
            "Filled form\nName: Vera\nTopics: Sizes, Colours\nTeam: Sales\nNews?: no\nLeft out: ",
        ),
        (
            "rich_message",
            {
                "elements": [
                    {"title": "A scarf", "image": {"url": "", "alternative_text": "It is red"}},
                    {"buttons": [{"text": "Yes"}, {"text": "No"}]},
                ]
            },
            "A scarf\nIt is red\nYes · No",
        ),
        ("rich_message", {"elements": [{"image": {"url": ""}}]}, "Picture"),
        ("custom", {"content": {"text": "SECRET"}}, ""),
    ],
)
def test_it_works(kind: str, content: dict[str, Any], words: str) -> None:
    assert in_words(Event(type=kind, content=content)) == words
