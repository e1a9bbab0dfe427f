import pytest
from django.template import Context, Template
from django.urls import reverse

from livechat_widget.templatetags.livechat_widget import lc_initials, lc_page, lc_text


def render(**context: object) -> str:
    return Template("{% load livechat_widget %}{% livechat_widget %}").render(Context(context))


def test_it_works() -> None:
    html = render()
    assert f'href="{reverse("livechat_widget:widget")}"' in html
    assert 'id="livechat-launcher"' in html
    assert html.count("<script") == html.count("<link") == 1


def test_it_is_the_same_for_everybody() -> None:
    assert render(user="Ann", request=object(), csrf_token="secret") == render()


def test_it_runs_nothing_inline() -> None:
    html = render()
    assert "<style" not in html
    assert "></script>" in html
    assert " on" not in html.replace("aria-", "").lower().split("<path")[0]


def test_it_carries_the_nonce_of_the_page() -> None:
    assert render(csp_nonce="abc").count('nonce="abc"') == 2
    assert "nonce" not in render()


def test_text_is_escaped_and_linked() -> None:
    shown = Template("{% load livechat_widget %}{{ text|lc_text }}").render(
        Context({"text": "<b> https://example.com"})
    )
    assert shown.startswith('&lt;b&gt; <a href="https://example.com"')
    assert lc_text(lc_text("<b>")) == "&amp;lt;b&amp;gt;"


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ann Weaver", "AW"),
        ("ann", "A"),
        ("Zoë de la Rivière", "ZR"),
        ("  ", ""),
        ("", ""),
        ("李 小龙", "李小"),
        ("<script>", "<"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, initials: str) -> None:
    assert lc_initials(name) == initials


def test_a_page_that_a_visitor_names_is_linked_only_as_a_whole() -> None:
    assert lc_page("https://example.com/a").startswith('<a href="https://example.com/a"')
    assert lc_page("see https://example.com/a") == "see https://example.com/a"
