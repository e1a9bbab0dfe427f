"""What the text of a request may hold."""

import msgspec
import pytest

from livechat_widget.protocol.events import NewMessage


def send(**fields: str) -> NewMessage:
    return msgspec.convert({"type": "message", "text": "Hi", **fields}, NewMessage)


def test_it_works() -> None:
    assert send(text="one\ntwo\n", custom_id="c 1").custom_id == "c 1"


@pytest.mark.parametrize("text", ["\x00", "Hi\x00", "Hi\x00\n", "\n\x00"])
def test_it_refuses_what_a_database_cannot_store(text: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\.text"):
        send(text=text)


@pytest.mark.parametrize("name", ["", "\n", "c1\n", "c\x7f1", "c\t1"])
def test_it_refuses_a_custom_id_with_a_control_character(name: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\.custom_id"):
        send(custom_id=name)
