"""Pictures to upload, drawn here."""

import io
from typing import Any

from PIL import Image

# Half of it red, so that a turn is seen.
WIDTH, HEIGHT = 80, 40
GPS = 0x8825
ORIENTATION = 0x0112


def draw(kind: str = "PNG", size: tuple[int, int] = (WIDTH, HEIGHT), **options: Any) -> bytes:
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photograph(orientation: int = 1) -> bytes:
    """As a phone takes it: with the place, the maker, and which way is up."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "Maker of phones"
    exif.get_ifd(GPS)[2] = (52.0, 31.0, 12.0)
    return draw("JPEG", exif=exif, comment=b"said to nobody", quality=95)


def animate(frames: int, size: tuple[int, int] = (8, 8)) -> bytes:
    images = [Image.new("RGB", size, (number % 256, 99, 0)) for number in range(frames)]
    out = io.BytesIO()
    images[0].save(out, "GIF", save_all=True, append_images=images[1:], duration=20)
    return out.getvalue()


def read(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
