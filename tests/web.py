"""What the tests and their servers find on the web: one page. Nothing else is asked for."""

from livechat_widget.domain import fetcher
from livechat_widget.domain.fetcher import Page, Unreachable

really_fetch = fetcher.fetch
BODY = b"""<!doctype html><title>A scarf</title><meta name=description content="Warm &amp; red">
<meta property="og:image" content="/scarf.png"><meta property="og:image:width" content="300">
<meta property="og:image:height" content="200"><body><title>Not this</title>"""
SCARF = Page("https://shop.example/scarf", "text/html; charset=utf-8", BODY)


def fetch(url: str) -> Page:
    if url != SCARF.url:
        raise Unreachable("the tests' web has one page")
    return SCARF


fetcher.fetch = fetch
