"""Which form a group asks, and what stands in it."""

import msgspec
import pytest

from livechat_widget.domain import forms
from livechat_widget.errors import GroupNotFound
from livechat_widget.models import FormField
from livechat_widget.protocol.forms import FIELDS
from tests.cast import Cast


def find(cast: Cast, number: int = 0, form_type: str = "prechat"):
    form = forms.find(cast.organization, number, form_type)
    return None if form is None else msgspec.to_builtins(form)


def test_it_works(cast: Cast) -> None:
    made = cast.form(
        "prechat",
        {"type": "header", "label": "Welcome"},
        {"type": "name", "label": "Your name", "required": True},
        {"type": "radio", "label": "Topic", "options": "Order\n* Repair\n\n"},
        {"type": "checkbox_for_email", "label": "Write to me", "checked": True},
        {"type": "rating", "label": "How was it?", "options": "Tell us more"},
    )
    ids = [str(pk) for pk in made.fields.values_list("pk", flat=True)]
    assert find(cast) == {
        "id": str(made.pk),
        "fields": [
            {"type": "header", "id": ids[0], "label": "Welcome"},
            {"type": "name", "id": ids[1], "label": "Your name", "required": True},
            {
                "type": "radio",
                "id": ids[2],
                "label": "Topic",
                "required": False,
                "options": [
                    {"id": "0", "label": "Order", "checked": False},
                    {"id": "1", "label": "Repair", "checked": True},
                ],
            },
            {
                "type": "checkbox_for_email",
                "id": ids[3],
                "label": "Write to me",
                "required": False,
                "checked": True,
            },
            {
                "type": "rating",
                "id": ids[4],
                "label": "How was it?",
                "required": False,
                "comment_label": "Tell us more",
            },
        ],
    }


def test_every_type_can_be_asked(cast: Cast) -> None:
    assert set(FormField.Type.values) == set(FIELDS)
    cast.form("prechat", *({"type": tag, "options": "Red"} for tag in FIELDS))
    assert [field["type"] for field in find(cast)["fields"]] == list(FIELDS)


def test_a_group_chooser_offers_the_groups(cast: Cast) -> None:
    cast.group(3, "Repairs")
    Cast().group(4, "Foreign")
    cast.form("prechat", {"type": "group_chooser"})
    assert find(cast)["fields"][0]["options"] == [
        {"id": "0", "label": "General", "group_id": 0},
        {"id": "3", "label": "Repairs", "group_id": 3},
    ]


def test_fields_of_ticket_forms_have_no_ids(cast: Cast) -> None:
    cast.form("ticket", {"type": "subject"})
    assert find(cast, form_type="ticket")["fields"] == [
        {"type": "subject", "label": "Subject", "required": False}
    ]


def test_a_group_without_a_form_has_the_general_one(cast: Cast) -> None:
    orders = cast.group(1)
    cast.form("prechat", {"type": "name", "label": "General"})
    assert find(cast, 1)["fields"][0]["label"] == "General"
    cast.form("prechat", {"type": "name", "label": "Own"}, group=orders)
    assert find(cast, 1)["fields"][0]["label"] == "Own"
    assert find(cast, 0)["fields"][0]["label"] == "General"


def test_a_form_that_is_off_is_none_also_where_the_general_one_is_on(cast: Cast) -> None:
    cast.form("prechat", {"type": "name"})
    cast.form("prechat", {"type": "name"}, group=cast.group(1), enabled=False)
    assert find(cast, 1) is None
    assert find(cast, 0) is not None


def test_a_form_without_fields_or_of_another_type_is_none(cast: Cast) -> None:
    cast.form("prechat")
    cast.form("postchat", {"type": "rating"})
    assert find(cast) is None
    assert find(cast, form_type="ticket") is None


def test_it_refuses_a_group_that_is_not_there_or_foreign(cast: Cast) -> None:
    Cast().group(5)
    with pytest.raises(GroupNotFound):
        find(cast, 5)
