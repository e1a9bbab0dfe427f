"""Taking files: pictures are cleaned, the site's scanner has a word, nothing of a failure stays."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from PIL import Image

from livechat_widget.counters import counters
from livechat_widget.domain import files, images, uploads
from livechat_widget.errors import ServiceUnavailable, ValidationFailed
from livechat_widget.models import Customer, File
from tests.cast import Cast
from tests.pictures import GPS, HEIGHT, ORIENTATION, WIDTH, animate, draw, photograph, read

pytestmark = pytest.mark.usefixtures("media")

PDF = b"%PDF-1.4 a manual"
SCANNER = f"{__name__}.scanner"
verdict: Any = None


def scanner(file: File) -> Any:
    with files.storage().open(file.paths[""]) as content:
        assert content.read() == PDF
    if isinstance(verdict, Exception):
        raise verdict
    return verdict


@pytest.fixture
def vera(cast: Cast) -> Customer:
    return cast.customer()


def take(uploader: Any, data: bytes = PDF, name: str = "a.pdf") -> File:
    return uploads.take(uploader, io.BytesIO(data), name)


def kept(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_it_works(vera: Customer, media: Path) -> None:
    before = counters.uploads["taken"]
    file = take(vera)
    assert (file.status, file.uploader, file.chat) == ("ready", vera.author_id, None)
    assert (media / file.paths[""]).read_bytes() == PDF
    assert counters.uploads["taken"] == before + 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_what_a_camera_wrote(vera: Customer, media: Path, kind: str) -> None:
    data = photograph() if kind == "JPEG" else draw(kind, exif=read(photograph()).getexif())
    assert read(data).getexif().get_ifd(GPS)
    file = take(vera, data)
    for path in file.paths.values():
        written = (media / path).read_bytes()
        assert not read(written).getexif()
        assert b"Maker of phones" not in written
        assert b"said to nobody" not in written


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright(vera: Customer, media: Path, orientation: int) -> None:
    """The red half is on the left as it was drawn; the eight turns put it elsewhere."""
    file = take(vera, photograph(orientation))
    turned = orientation > 4
    assert (file.width, file.height) == ((HEIGHT, WIDTH) if turned else (WIDTH, HEIGHT))
    picture = read((media / file.paths[""]).read_bytes()).convert("RGB")
    assert ORIENTATION not in picture.getexif()
    red = {1: (9, 9), 4: (9, 9), 5: (9, 9), 6: (9, 9)}.get(
        orientation, (picture.width - 9, picture.height - 9)
    )
    assert picture.getpixel(red)[1] < 100  # type: ignore[index]


def test_transparency_and_colours_stay(vera: Customer, media: Path) -> None:
    palette = read(draw()).convert("P")
    out = io.BytesIO()
    palette.save(out, "PNG", transparency=palette.getpixel((0, 0)))
    file = take(vera, out.getvalue(), "a.png")
    for variant in ("", "300"):
        assert read((media / file.paths[variant]).read_bytes()).has_transparency_data


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_kind_are_taken(vera: Customer, media: Path, mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (700, 90)).save(out, kind)
    file = take(vera, out.getvalue(), "a.png")
    assert read((media / file.paths[""]).read_bytes()).mode == mode
    assert read((media / file.paths["600"]).read_bytes()).size[0] == 600


def test_an_animation_goes_on_moving(vera: Customer, media: Path) -> None:
    file = take(vera, animate(4), "a.gif")
    assert read((media / file.paths[""]).read_bytes()).n_frames == 4  # type: ignore[attr-defined]


@pytest.mark.parametrize(("given", "small"), [((900, 450), (300, 150)), ((40, 20), (40, 20))])
def test_thumbnails_are_at_most_so_large(
    vera: Customer, media: Path, given: tuple[int, int], small: tuple[int, int]
) -> None:
    file = take(vera, draw(size=given), "a.png")
    assert read((media / file.paths["300"]).read_bytes()).size == small


def test_it_refuses_a_type_that_the_site_does_not_take(vera: Customer, settings: Any) -> None:
    settings.LIVECHAT = {"FILE_STORAGE": "default", "FILE_TYPES": ["image/png"]}
    with pytest.raises(ValidationFailed, match="application/pdf is not taken"):
        take(vera)
    assert take(vera, draw()).content_type == "image/png"


def test_it_refuses_pictures_without_pillow(
    vera: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "find_spec", lambda name: None)
    with pytest.raises(ValidationFailed, match="no pictures"):
        take(vera, draw())
    take(vera)


@pytest.mark.parametrize(
    ("answer", "error", "status"),
    [
        (None, None, "ready"),
        ("refuse", ValidationFailed, None),
        ("quarantine", ValidationFailed, "quarantined"),
        ("nonsense", TypeError, None),
        (ConnectionError("the scanner is away"), ConnectionError, None),
    ],
)
def test_the_scanner_has_the_last_word(
    vera: Customer,
    media: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    answer: Any,
    error: type[Exception] | None,
    status: str | None,
) -> None:
    """Where it says nothing, because it is away, the file is not taken either."""
    settings.LIVECHAT = {"FILE_STORAGE": "default", "FILE_SCANNER": SCANNER}
    monkeypatch.setattr(f"{__name__}.verdict", answer)
    if error:
        with pytest.raises(error):
            take(vera)
    else:
        take(vera)
    assert [file.status for file in File.objects.all()] == ([status] if status else [])
    assert len(kept(media)) == (status is not None)


def test_nobody_gets_what_is_in_quarantine(
    vera: Customer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIVECHAT = {"FILE_STORAGE": "default", "FILE_SCANNER": SCANNER}
    monkeypatch.setattr(f"{__name__}.verdict", "quarantine")
    with pytest.raises(ValidationFailed):
        take(vera)
    url = files.address(File.objects.get())
    assert files.find_shared(url.rpartition("/")[2]) is None
    with pytest.raises(ValidationFailed):
        files.find_own(url, vera)


def test_nothing_stays_when_the_storage_is_full(
    vera: Customer, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three files the last does not fit any more."""
    save = FileSystemStorage.save

    def fill_up(self: FileSystemStorage, name: str, content: Any, **options: Any) -> str:
        if name.endswith("-300"):
            raise OSError(28, "No space left on device")
        return save(self, name, content, **options)

    monkeypatch.setattr(FileSystemStorage, "save", fill_up)
    with pytest.raises(ServiceUnavailable, match="could not be kept"):
        take(vera, draw(), "a.png")
    assert (kept(media), File.objects.count()) == ([], 0)


def test_a_storage_may_choose_another_name(
    vera: Customer, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileSystemStorage, "get_available_name", lambda self, name, **_: name + "x")
    file = take(vera)
    assert file.paths[""].endswith("x")
    assert File.objects.get().paths == file.paths
    files.remove([file])
    assert kept(media) == []


def test_agents_have_no_quota(cast: Cast, vera: Customer, settings: Any) -> None:
    settings.LIVECHAT = {"FILE_STORAGE": "default", "FILE_QUOTA_BYTES": 20}
    take(vera)
    with pytest.raises(ValidationFailed, match="bytes together"):
        take(vera)
    for _ in range(2):
        take(cast.ann)


def test_limits_do_not_need_a_cache(vera: Customer, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    for _ in range(3):
        uploads.check_limits(vera)
