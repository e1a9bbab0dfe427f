import time
from html.parser import HTMLParser

import pytest
from django.utils.html import escape

from livechat_widget.linkify import link_page, linkify

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "JaVaScRiPt://example.com/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    'https://example.com/"onmouseover="alert(1)',
    "https://example.com/'onfocus='alert(1)' autofocus='",
    'https://example.com/" autofocus onfocus=alert(1) x="',
    "https://example.com/<script>alert(1)</script>",
    "https://example.com/`onclick=alert(1)`",
    'mailto:a@b.test"onclick="alert(1)',
    'mailto:"><svg/onload=alert(1)>@b.test',
    "https://example.com/&quot;onclick=alert(1)",
    "https://example.com/&#34;onclick=alert(1)",
    "http://<svg onload=alert(1)>",
    "https://exa\u202emple.com/\u2066evil",
    "https://example.com/\x00\x01\x7f",
    "hx-get=https://example.com/ <div hx-trigger=load>",
    "</p></li><li hx-swap-oob=true id=lc-header>",
    "{{ 7|add:7 }} {% csrf_token %}",
    "https://https://https://example.com",
    "&lt;b&gt; &amp; &",
]


class Tags(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def addresses(text: str) -> list[str | None]:
    return [attributes["href"] for _, attributes in Tags(linkify(text)).tags]


def test_it_works() -> None:
    assert linkify("See https://example.com/a?b=1&c=2 & tell me") == (
        'See <a href="https://example.com/a?b=1&amp;c=2" target="_blank" '
        'rel="noopener noreferrer ugc">https://example.com/a?b=1&amp;c=2</a> &amp; tell me'
    )


@pytest.mark.parametrize(
    "text", ["", "no link here", "a < b && c > d", "line\nbreak", "\u05e9\u05dc\u05d5\u05dd"]
)
def test_it_only_escapes_text_without_addresses(text: str) -> None:
    assert linkify(text) == escape(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://example.com", "http://example.com"),
        ("HTTPS://EXAMPLE.COM/Path", "HTTPS://EXAMPLE.COM/Path"),
        ("mailto:ann@example.com", "mailto:ann@example.com"),
        ("http://localhost:8000/x", "http://localhost:8000/x"),
        ("https://bücher.example/straße", "https://bücher.example/straße"),
        ("(see https://example.com/a)", "https://example.com/a"),
        ("https://en.example.org/wiki/Cat_(animal)", "https://en.example.org/wiki/Cat_(animal)"),
        ("(https://en.example.org/wiki/Cat_(animal)).", "https://en.example.org/wiki/Cat_(animal)"),
        ("https://example.com/a.", "https://example.com/a"),
        ("https://example.com/a?!", "https://example.com/a"),
        ("'https://example.com/a'", "https://example.com/a"),
        ('"https://example.com/a"', "https://example.com/a"),
        ("<https://example.com/a>", "https://example.com/a"),
        ("[x](https://example.com/a)", "https://example.com/a"),
        ("https://example.com/a、", "https://example.com/a"),
        ("https://example.com/a#b,c", "https://example.com/a#b,c"),
        ("https://example.com/it's", "https://example.com/it's"),
        ("https://example.com/?q=[1]", "https://example.com/?q=[1]"),
        ("https://good.test\\@evil.test", "https://good.test"),
    ],
)
def test_it_finds_where_an_address_ends(text: str, expected: str) -> None:
    assert addresses(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "http://",
        "https://...",
        "https:///etc/passwd",
        "xhttps://example.com",
        "ftp://example.com",
        "mailto:",
        "mailto:nobody",
        "www.example.com",
        "https://bank.test@evil.test/",
        "https://user:secret@evil.test/",
    ],
)
def test_it_leaves_what_is_no_plain_address(text: str) -> None:
    assert addresses(text) == []


def test_it_links_every_address_of_a_text() -> None:
    text = "https://a.test, (https://b.test)\nmailto:c@d.test"
    assert addresses(text) == ["https://a.test", "https://b.test", "mailto:c@d.test"]


@pytest.mark.parametrize("text", HOSTILE)
def test_it_makes_nothing_but_links_of_hostile_text(text: str) -> None:
    seen = Tags(linkify(text))
    for tag, attributes in seen.tags:
        assert tag == "a"
        assert set(attributes) == {"href", "target", "rel"}
        assert str(attributes["href"]).lower().startswith(("http://", "https://", "mailto:"))


@pytest.mark.parametrize("text", HOSTILE)
def test_it_loses_no_character_of_hostile_text(text: str) -> None:
    assert Tags(linkify(text)).text == text


@pytest.mark.parametrize(
    "text",
    [
        "https://a.test/" + ")" * 16_000,
        "https://a.test/" + "(" * 8_000 + ")" * 8_000,
        "https://" * 2_000,
        "mailto:" * 2_000,
        "mailto:" + "a" * 16_000,
        "https://a.test/" + ".!?" * 5_000,
        "https://" + "a" * 16_000 + "@",
    ],
)
def test_it_takes_linear_time(text: str) -> None:
    started = time.process_time()
    linkify(text)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "page",
    ["https://shop.example/cups?a=1&b=2#c", "http://localhost:8000", "HTTPS://shop.example/@you"],
)
def test_a_page_on_the_web_is_a_link(page: str) -> None:
    [(tag, attributes)] = Tags(link_page(page)).tags
    assert (tag, attributes["href"]) == ("a", page)
    assert {"noopener", "noreferrer"} <= set(str(attributes["rel"]).split())


@pytest.mark.parametrize(
    "page",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "mailto:a@b.test",
        "//shop.example/",
        "see https://shop.example/",
        "https://shop.example/ and more",
        "https://shop.example@evil.example/",
        "https://shop.example\\@evil.example/",
        "https://shop.example/\u202egpj.exe",
        "https://",
        "",
    ],
)
def test_what_is_no_page_on_the_web_stays_text(page: str) -> None:
    assert link_page(page) == escape(page)


@pytest.mark.parametrize("page", HOSTILE)
def test_a_page_s_address_is_escaped(page: str) -> None:
    found = Tags(link_page(page))
    assert found.text == page
    assert all((tag, one["href"]) == ("a", page) for tag, one in found.tags)
    assert all(set(one) == {"href", "target", "rel"} for _, one in found.tags)
