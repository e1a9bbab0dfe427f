"""``get_form`` through a socket."""

import pytest

from tests.cast import Cast
from tests.sockets.conftest import Connect


@pytest.mark.parametrize("version", ["3.3", "3.5"])
def test_it_works(connect: Connect, live_cast: Cast, version: str) -> None:
    made = live_cast.form("prechat", {"type": "name", "required": True})
    vera = connect(live_cast.customer(), version=version)
    answer = vera.ask_ok("get_form", {"group_id": 0, "type": "prechat"})
    field = made.fields.get()
    assert answer == {
        "enabled": True,
        "form": {
            "id": str(made.pk),
            "fields": [{"type": "name", "id": str(field.pk), "label": "Name", "required": True}],
        },
    }


def test_it_says_when_nothing_is_asked(connect: Connect, live_cast: Cast) -> None:
    Cast().form("prechat", {"type": "name"})
    vera = connect(live_cast.customer())
    for form_type in ("prechat", "postchat", "ticket"):
        assert vera.ask_ok("get_form", {"group_id": 0, "type": form_type}) == {"enabled": False}


def test_it_answers_the_same_for_a_foreign_group_as_for_an_absent_one(
    connect: Connect, live_cast: Cast
) -> None:
    Cast().group(7)
    vera = connect(live_cast.customer())
    numbers = (7, 8, -1, 2**62)
    answers = [vera.error("get_form", {"group_id": one, "type": "prechat"}) for one in numbers]
    assert answers[0]["type"] == "group_not_found"
    assert answers == answers[:1] * 4


def test_it_refuses_an_unknown_type(connect: Connect, live_cast: Cast) -> None:
    error = connect(live_cast.customer()).error("get_form", {"group_id": 0, "type": "survey"})
    assert error["type"] == "validation"
    assert "$.type" in error["message"]
