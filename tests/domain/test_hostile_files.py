"""Files that are not what they seem: what each of them becomes."""

import io
from pathlib import Path

import pytest

from livechat_widget.domain import uploads
from livechat_widget.domain.file_types import TEXT, fitting_name
from livechat_widget.errors import ValidationFailed
from livechat_widget.models import File
from tests.cast import Cast
from tests.hostile_files import ANIMATION, NAMES, SAMPLES, SCRIPT, Sample, ids
from tests.pictures import read

pytestmark = pytest.mark.usefixtures("media")


def take(cast: Cast, data: bytes, name: str) -> File:
    return uploads.take(cast.customer(), io.BytesIO(data), name)


@pytest.mark.parametrize("sample", SAMPLES, ids=ids)
def test_it_becomes_what_it_is(cast: Cast, media: Path, sample: Sample) -> None:
    if sample.kept_as is None:
        with pytest.raises(ValidationFailed):
            take(cast, sample.data, sample.name)
        assert not File.objects.exists()
        assert not [path for path in media.rglob("*") if path.is_file()]
        return
    file = take(cast, sample.data, sample.name)
    assert (file.content_type, file.name) == (sample.kept_as, sample.saved_as)
    kept = (media / file.paths[""]).read_bytes()
    if file.width:
        assert read(kept).size == (file.width, file.height)
        assert set(file.paths) == {"", "300", "600"}
        # What hid in the picture, or behind it, is not in what is kept.
        assert SCRIPT not in kept
        assert b"PK\x03\x04" not in kept
    if not file.width or sample.data == ANIMATION:
        assert kept == sample.data
    # Nothing outside says what it would be run as.
    assert all("." not in path and file.pk.hex in path for path in file.paths.values())


@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name[:30]))
def test_a_name_is_harmless(name: str) -> None:
    assert fitting_name(name, TEXT) == NAMES[name]
