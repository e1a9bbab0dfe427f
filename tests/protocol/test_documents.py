"""What is said of the protocol is what its types say."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from livechat_widget.management.documents import COMMAND, DOCUMENTS, make


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_is_what_the_types_make(name: str) -> None:
    path, text = make(name)
    assert path.read_text(encoding="utf-8") == text, f"run: {COMMAND}"


def test_the_command_writes_what_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    written: dict[Path, str] = {}
    monkeypatch.setattr(Path, "write_text", lambda path, text, **_: written.update({path: text}))
    call_command("livechat_protocol", "jsdoc", verbosity=0)
    assert written == dict([make("jsdoc")])
    call_command("livechat_protocol", verbosity=0)
    assert written == dict(make(name) for name in DOCUMENTS)


def test_it_refuses_a_document_that_there_is_not() -> None:
    with pytest.raises(CommandError, match="There is no openapi; there are asyncapi, docs, jsdoc"):
        call_command("livechat_protocol", "openapi")


def test_it_refuses_to_run_where_the_examples_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "livechat_widget.management.commands.livechat_protocol.EXAMPLES", Path("/nowhere")
    )
    with pytest.raises(CommandError, match="Run this in a checkout"):
        call_command("livechat_protocol")
