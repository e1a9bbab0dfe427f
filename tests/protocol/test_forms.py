"""What may be answered to a form, and how the refusal names the field."""

from typing import Any

import msgspec
import pytest

from livechat_widget.errors import ValidationFailed
from livechat_widget.protocol.answers import Answers, FilledField
from livechat_widget.protocol.forms import FIELDS, GroupForm, check, is_address

OPTIONS = [{"id": "0", "label": "Red"}, {"id": "1", "label": "Blue"}]
GROUPS = [{"id": "1", "label": "Orders", "group_id": 1}]
RED = {"id": "0", "label": "Red"}
BLUE = {"id": "1", "label": "Blue"}


def form(*fields: dict[str, Any]) -> GroupForm:
    numbered = [{"id": f"f{place}", **field} for place, field in enumerate(fields)]
    return msgspec.convert({"id": "7", "fields": numbered}, GroupForm)


def answers(*filled: dict[str, Any]) -> list[FilledField]:
    return msgspec.convert(list(filled), Answers)


def refusal(asked: dict[str, Any], **answer: Any) -> str:
    """What is said of one field's answer; empty when it is taken."""
    asked = {"label": "Field", "required": False, **asked}
    filled = answers({"type": asked["type"], "id": "f0", **answer})
    try:
        check(form(asked), filled)
    except ValidationFailed as error:
        return error.message
    return ""


def test_it_works() -> None:
    asked = form(
        {"type": "header", "label": "Before we start"},
        {"type": "name", "label": "Your name", "required": True},
        {"type": "checkbox", "label": "Colours", "options": OPTIONS},
        {"type": "question", "label": "Order number"},
    )
    checked = check(
        asked,
        answers(
            {"type": "checkbox", "id": "f2", "label": "forged", "answers": [BLUE]},
            {"type": "name", "id": "f1", "answer": "Vera"},
            {"type": "question", "id": "f3", "label": "Order number"},
        ),
    )
    assert msgspec.to_builtins(checked) == [
        {"type": "name", "id": "f1", "label": "Your name", "answer": "Vera"},
        {"type": "checkbox", "id": "f2", "label": "Colours", "answers": [BLUE]},
        {"type": "question", "id": "f3", "label": "Order number"},
    ]


def test_fields_without_an_id_are_known_by_their_place() -> None:
    fields = [{"type": "header", "label": "Hi"}, {"type": "subject", "label": "Subject"}]
    asked = msgspec.convert({"id": "7", "fields": fields}, GroupForm)
    checked = check(asked, answers({"type": "subject", "id": "1", "answer": "Broken"}))
    assert msgspec.to_builtins(checked)[0]["answer"] == "Broken"


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ({"type": "name"}, {"answer": "Vera"}),
        ({"type": "email"}, {"answer": "vera@example.org"}),
        ({"type": "question"}, {"answer": "12"}),
        ({"type": "textarea"}, {"answer": "two\nlines"}),
        ({"type": "subject"}, {"answer": "Broken"}),
        ({"type": "radio", "options": OPTIONS}, {"answer": RED}),
        ({"type": "select", "options": OPTIONS}, {"answer": BLUE}),
        ({"type": "checkbox", "options": OPTIONS}, {"answers": [BLUE, RED]}),
        ({"type": "checkbox_for_email"}, {"answer": True}),
        (
            {"type": "group_chooser", "options": GROUPS},
            {"answer": {"id": "1", "label": "Orders", "group_id": 1}},
        ),
    ],
)
def test_what_is_required_is_refused_without_an_answer(
    asked: dict[str, Any], right: dict[str, Any]
) -> None:
    asked = {**asked, "label": "Thing", "required": True}
    assert refusal(asked, **right) == ""
    assert refusal(asked) == "fields.f0 (Thing): an answer is required."
    with pytest.raises(ValidationFailed, match=r"fields\.f0 \(Thing\): an answer is required"):
        check(form(asked), [])
    assert refusal({**asked, "required": False}) == ""


def test_blank_text_and_an_empty_box_are_no_answers() -> None:
    assert "required" in refusal({"type": "textarea", "required": True}, answer=" \n")
    assert "required" in refusal({"type": "checkbox_for_email", "required": True}, answer=False)
    checkbox = {"type": "checkbox", "required": True, "options": OPTIONS}
    assert "required" in refusal(checkbox, answers=[])


@pytest.mark.parametrize(
    ("asked", "wrong", "said"),
    [
        ({"type": "name"}, {"answer": "V" * 201}, "at most 200 characters"),
        ({"type": "subject"}, {"answer": "Hi\r\nBcc: all@example.org"}, "one line"),
        ({"type": "question"}, {"answer": "a\x1bb"}, "one line"),
        ({"type": "question"}, {"answer": "1" * 1001}, "at most 1000 characters"),
        ({"type": "textarea"}, {"answer": "ü" * 8193}, "at most 16384 bytes"),
        ({"type": "email"}, {"answer": "vera"}, "write an e-mail address"),
        ({"type": "radio", "options": OPTIONS}, {"answer": {"id": "9", "label": "Red"}}, "changed"),
        ({"type": "radio", "options": OPTIONS}, {"answer": {"id": "0", "label": "No"}}, "changed"),
        ({"type": "select", "options": OPTIONS}, {"answer": {"id": "x", "label": ""}}, "changed"),
        ({"type": "checkbox", "options": OPTIONS}, {"answers": [RED, RED]}, "each option once"),
        (
            {"type": "group_chooser", "options": GROUPS},
            {"answer": {"id": "1", "label": "Orders", "group_id": 2}},
            "changed",
        ),
    ],
)
def test_it_refuses_a_wrong_answer(asked: dict[str, Any], wrong: dict[str, Any], said: str) -> None:
    message = refusal({**asked, "label": "Thing"}, **wrong)
    assert message.startswith("fields.f0 (Thing): ")
    assert said in message


def test_it_refuses_a_field_of_another_type() -> None:
    with pytest.raises(ValidationFailed, match=r"fields\.f0 \(Name\): this is no email"):
        check(
            form({"type": "name", "label": "Name"}),
            answers({"type": "email", "id": "f0", "answer": "vera@example.org"}),
        )


def test_it_refuses_a_field_that_the_form_does_not_have() -> None:
    with pytest.raises(ValidationFailed, match=r"fields\.f9: there is no such field"):
        check(form({"type": "name", "label": "Name"}), answers({"type": "name", "id": "f9"}))


def test_it_refuses_two_answers_to_one_field() -> None:
    name = {"type": "name", "id": "f0", "answer": "Vera"}
    with pytest.raises(ValidationFailed, match=r"fields\.f0: answer each field once"):
        check(form({"type": "name", "label": "Name"}), answers(name, name))


@pytest.mark.parametrize("wrong", [{"answer": 1}, {"answer": "\x00"}, {"label": None}, {"id": ""}])
def test_it_refuses_a_wrong_shape(wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        answers({"type": "name", "id": "f0", "label": "Name", **wrong})


@pytest.mark.parametrize(
    "address", ["vera@example.org", "v.c+shop@mail.example.org", "vera@bücher.example"]
)
def test_mail_goes_to_plain_addresses(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "vera",
        "vera@example",
        "vera@example.org,bob@example.org",
        "vera@example.org\r\nBcc: bob@example.org",
        "Vera <vera@example.org>",
        "vera@example.org\n",
        "vera cruz@example.org",
        "@example.org",
        f"{'v' * 65}@example.org",
        f"vera@{'e' * 250}.org",
        "",
    ],
)
def test_mail_goes_nowhere_else(address: str) -> None:
    assert not is_address(address)


def test_each_type_has_its_answer_under_the_same_tag() -> None:
    for tag, kind in FIELDS.items():
        assert kind.filled.__struct_config__.tag == tag
