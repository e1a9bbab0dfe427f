"""What uploads need: a place, Pillow, a scanner."""

from collections.abc import Callable

import pytest

from livechat_widget.domain import images

Numbers = Callable[..., list[str]]
ON = {"FILE_STORAGE": "default"}


def test_it_reports_an_alias_that_is_not_there(numbers: Numbers) -> None:
    assert numbers(LIVECHAT={"FILE_STORAGE": "private"}) == ["E060"]
    assert numbers(LIVECHAT=ON) == []


def test_it_reports_files_without_a_folder(numbers: Numbers) -> None:
    assert numbers(LIVECHAT=ON, MEDIA_ROOT="") == ["E061"]
    assert numbers(LIVECHAT={}, MEDIA_ROOT="") == []


def test_it_reports_a_type_that_is_never_found(numbers: Numbers) -> None:
    assert numbers(LIVECHAT={"FILE_TYPES": ["image/svg+xml", "text/plain"]}) == ["E062"]


def test_it_reports_pictures_without_pillow(
    numbers: Numbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "find_spec", lambda name: None)
    assert numbers(LIVECHAT=ON) == ["W063"]
    assert numbers(LIVECHAT={**ON, "FILE_TYPES": ["text/plain"]}) == []
    assert numbers(LIVECHAT={}) == []


@pytest.mark.parametrize("path", ["shop.scan.check", "os.nothing", "nothing"])
def test_it_reports_a_scanner_that_is_not_there(numbers: Numbers, path: str) -> None:
    assert numbers(LIVECHAT={"FILE_SCANNER": path}) == ["E064"]
    assert numbers(LIVECHAT={"FILE_SCANNER": "os.path.basename"}) == []


def test_it_reports_what_is_no_origin(numbers: Numbers) -> None:
    for origin in ("https://files.example/", "https://*.example", "files.example"):
        assert numbers(LIVECHAT={"FILE_ORIGIN": origin}) == ["E065"]
    assert numbers(LIVECHAT={"FILE_ORIGIN": "https://files.example"}) == []
