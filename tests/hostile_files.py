"""Files that are not what they seem, made here: each with what is to become of it.

``None``: it is refused. Otherwise the type that it is kept as, and the name that it is saved under.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from tests.pictures import animate, draw, photograph

SCRIPT = b"<script>document.title = 'owned'; top.owned = 1</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">%s</svg>'
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
JS = b"/*=1*/;top.owned = 1//"
TEXT, ZIP, PDF = "text/plain", "application/zip", "application/pdf"


class Sample(NamedTuple):
    name: str
    data: bytes
    kept_as: str | None
    saved_as: str = ""


def chunk(kind: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum


def png_of(width: int, height: int, data: bytes = b"", extra: bytes = b"") -> bytes:
    """Of any size that its head claims; the pixels compress to nearly nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = data or zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )  # fmt: skip


def zip_of(entries: Iterator[tuple[str, bytes]] | list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def nested_zip(depth: int = 4) -> bytes:
    data = zip_of([("zeros", b"\0" * 5_000_000)])
    for _ in range(depth):
        data = zip_of([(f"{number}.zip", data) for number in range(4)])
    return data


def many_frames(count: int) -> bytes:
    """A GIF of so many frames, each 13 bytes long."""
    first = animate(2)
    start = first.index(b"\x21\xf9")  # the first frame's control block
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return first[:start] + frame * count + b"\x3b"


def pdf(script: bytes = b"app.alert(1)") -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS("
        + script
        + b")>>>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )


def gif_script() -> bytes:
    """A GIF by its beginning, and JavaScript as a whole."""
    return b"GIF89a/*" + b"\0" * 20 + b"*/=1;" + JS


ANIMATION = animate(3)
BURSTING = zlib.compress(b"a" * 90_000_000)
_PNG, _JPEG = draw("PNG"), photograph()
_WEBP = draw("WEBP")

SAMPLES: list[Sample] = [
    # Pages and scripts are text, saved under a name that opens as text.
    Sample("page.html", HTML, TEXT, "page.html.txt"),
    Sample("page.xhtml", b'<?xml version="1.0"?>' + HTML, TEXT, "page.xhtml.txt"),
    Sample("picture.png", HTML, TEXT, "picture.png.txt"),
    Sample("drawing.svg", SVG % SCRIPT, TEXT, "drawing.svg.txt"),
    Sample("handler.svg", SVG % b'<rect onload="alert(1)"/>', TEXT, "handler.svg.txt"),
    Sample("foreign.svg", SVG % b"<foreignObject>" + HTML, TEXT, "foreign.svg.txt"),
    Sample("outside.svg", SVG % b'<image xlink:href="http://evil.example/"/>', TEXT,
           "outside.svg.txt"),
    Sample("entity.svg", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG % b"&a;",
           TEXT, "entity.svg.txt"),
    Sample("laughs.xml", b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>', TEXT,
           "laughs.xml.txt"),
    Sample("marked.svg", b"\xef\xbb\xbf" + SVG % SCRIPT, TEXT, "marked.svg.txt"),
    Sample("wide.svg", (SVG % SCRIPT).decode().encode("utf-16"), None),
    Sample("code.js", JS, TEXT, "code.js.txt"),
    Sample("run.bat", b"@echo off\r\ndel *.*\r\n", TEXT, "run.bat.txt"),
    Sample("run.hta", HTML, TEXT, "run.hta.txt"),
    Sample("link.url", b"[InternetShortcut]\r\nURL=file:///c:/x.exe", TEXT, "link.url.txt"),
    Sample("formula.csv", b"=cmd|' /C calc'!A0,1\r\n", TEXT, "formula.csv"),
    Sample("seven.phar", b"<?php system($_GET[0]); ?>", TEXT, "seven.phar.txt"),
    Sample("mail.eml", b"From: a@b\r\nContent-Type: text/html\r\n\r\n" + HTML, TEXT,
           "mail.eml.txt"),
    # Programs, and what is not known.
    Sample("setup.exe", b"MZ\x90\x00" + b"\0" * 60 + b"PE\0\0", None),
    Sample("holiday.jpg", b"MZ\x90\x00" + b"\0" * 60 + b"PE\0\0", None),
    Sample("tool", b"\x7fELF\x02\x01\x01\0" + b"\0" * 60, None),
    Sample("tool.txt", b"#!/bin/sh\nrm -rf ~\n", None),
    Sample("Main.class", b"\xca\xfe\xba\xbe\0\0\0\x34", None),
    Sample("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, None),
    Sample("film.swf", b"CWS\x0b\0\0\0\0", None),
    Sample("noise.bin", bytes(range(256)), None),
    Sample("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0", None),
    Sample("nothing.txt", b"", None),
    # Archives are kept closed: what they would burst into is nobody's business here.
    Sample("bomb.zip", nested_zip(), ZIP, "bomb.zip"),
    Sample("many.zip", zip_of((f"{number}", b"") for number in range(10_000)), ZIP, "many.zip"),
    Sample("slip.zip", zip_of([("../../etc/cron.d/x", b"x")]), ZIP, "slip.zip"),
    Sample("letter.docx", zip_of([("word/document.xml", b"\0" * 9_000_000)]), ZIP, "letter.docx"),
    Sample("program.jar", zip_of([("META-INF/MANIFEST.MF", b"")]), ZIP, "program.jar.zip"),
    Sample("app.apk", zip_of([("classes.dex", b"dex")]), ZIP, "app.apk.zip"),
    Sample("picture.png", zip_of([("a", b"a")]), ZIP, "picture.png.zip"),
    # PDFs, with what a reader of them might run.
    Sample("script.pdf", pdf(), PDF, "script.pdf"),
    Sample("page.pdf", pdf() + HTML, PDF, "page.pdf"),
    Sample("page.html", pdf() + HTML, PDF, "page.html.pdf"),
    Sample("late.pdf", HTML + pdf(), TEXT, "late.pdf.txt"),
    # Two things at once: the picture is drawn anew, and the rest of it stays behind.
    Sample("zip.png", _PNG + zip_of([("a", b"a")]), "image/png", "zip.png"),
    Sample("page.png", _PNG + HTML, "image/png", "page.png"),
    Sample("page.html", _PNG + HTML, "image/png", "page.html.png"),
    Sample("noted.png", png_of(1, 1, zlib.compress(b"\0\0\0\0"), chunk(b"tEXt", b"a\0" + HTML)),
           "image/png", "noted.png"),
    Sample("photo.jpg", _JPEG, "image/jpeg", "photo.jpg"),
    Sample("photo.JPEG", _JPEG, "image/jpeg", "photo.JPEG"),
    Sample("page.jpg", _JPEG[:2] + b"\xff\xfe" + struct.pack(">H", len(HTML) + 2) + HTML
           + _JPEG[2:], "image/jpeg", "page.jpg"),
    Sample("zip.jpg", _JPEG + zip_of([("a", HTML)]), "image/jpeg", "zip.jpg"),
    Sample("page.webp", _WEBP + HTML, "image/webp", "page.webp"),
    Sample("picture.exe", _WEBP, "image/webp", "picture.exe.webp"),
    Sample("still.gif", draw("GIF") + HTML, "image/gif", "still.gif"),
    Sample("moving.gif", ANIMATION, "image/gif", "moving.gif"),
    Sample("script.gif", gif_script(), None),
    Sample("script.js", b"GIF89a=1;" + JS, None),
    # Pictures that burst, or are none.
    Sample("vast.png", png_of(65_535, 65_535), None),
    Sample("large.png", png_of(20_000, 20_000), None),
    Sample("larger.png", png_of(8000, 8000), None),
    Sample("vast.gif", ANIMATION[:6] + b"\xff" * 4 + ANIMATION[10:], None),
    Sample("wide.gif", b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b"\x3b", None),
    Sample("text.png", png_of(1, 1, extra=chunk(b"zTXt", b"a\0\0" + BURSTING)),
           None),
    Sample("colours.png", png_of(1, 1, extra=chunk(b"iCCP", b"a\0\0" + BURSTING)),
           None),
    Sample("long.gif", many_frames(100_000), None),
    Sample("cut.png", _PNG[:-30], None),
    Sample("cut.jpg", _JPEG[: len(_JPEG) // 2], None),
    Sample("head.png", _PNG[:8], None),
    Sample("head.webp", b"RIFF\xff\xff\xff\xffWEBPVP8 ", None),
    Sample("flat.png", png_of(0, 0), None),
    # Sound and film are kept as they are.
    Sample("song.mp3", b"ID3\x04" + b"\0" * 99, "audio/mpeg", "song.mp3"),
    Sample("film.mp4", b"\0\0\0\x18ftypisom" + b"\0" * 99, "video/mp4", "film.mp4"),
    Sample("page.ogg", b"OggS" + HTML, "audio/ogg", "page.ogg"),
]  # fmt: skip

# Names of one and the same text.
NAMES = {
    "../../etc/passwd": "passwd.txt",
    "..\\..\\windows\\win.ini": "win.ini.txt",
    "/": "file.txt",
    "..": "file.txt",
    ".txt": "txt.txt",
    ".htaccess": "htaccess.txt",
    "a\x00.png": "a.png.txt",
    'a"\r\nSet-Cookie: b=1.txt': "a_Set-Cookie_ b=1.txt",
    "invoice\u202etxt.exe": "invoicetxt.exe.txt",
    "\u2066notes\u2069.txt": "notes.txt",
    "half\ud800.txt": "half.txt",
    "<img src=x onerror=alert(1)>.txt": "_img src=x onerror=alert(1)_.txt",
    "a" * 1_000_000: "a" * 120 + ".txt",
    "invoice.pdf.exe": "invoice.pdf.exe.txt",
    "trailing. . .": "trailing.txt",
    "notes.TXT": "notes.TXT",
    "c:\\notes.txt:stream": "notes.txt_stream.txt",
    "50%2f..%2f.txt": "50_2f.._2f.txt",
    "Übergrößen größer.txt": "Übergrößen größer.txt",
}


def ids(sample: Sample) -> str:
    return f"{sample.name} {'refused' if sample.kept_as is None else sample.kept_as}"
