"""What happens after a commit harms nobody: what was committed stays a success."""

from functools import partial

import pytest

from livechat_widget.delivery.database import after_commit


def test_a_failure_after_the_commit_is_logged_and_no_more(
    db: None, django_capture_on_commit_callbacks, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(what: str) -> None:
        raise ConnectionError(what)

    done: list[str] = []
    with django_capture_on_commit_callbacks(execute=True):
        after_commit(partial(fail, "no layer"))
        after_commit(partial(done.append, "next"))
    assert done == ["next"]
    assert "no layer" in caplog.text
