"""Whose pages may talk to us, looked at one by one."""

import pytest
from django.test import override_settings

from livechat_widget.models import Organization
from livechat_widget.origins import is_origin, is_own, is_trusted

HOST = "chat.example"


def trusts(origin: str, *trusted: str, secure: bool = True) -> bool:
    organization = Organization(trusted_origins=list(trusted))
    return is_trusted(origin, HOST, organization, secure=secure)


def test_it_works() -> None:
    assert trusts("https://shop.example", "https://shop.example")
    assert trusts("https://SHOP.example", "https://shop.Example/")
    assert trusts("https://shop.example:8443", "https://shop.example:8443")


@pytest.mark.parametrize(
    "origin",
    [
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.evil.test",
        "https://evil-shop.example",
        "https://www.shop.example",
        "https://shop.example@evil.test",
        "https://shop.example/",
        "https://shop.example/https://shop.example",
        "//shop.example",
        "shop.example",
        "null",
        "file://",
    ],
)
def test_it_is_exact(origin: str) -> None:
    assert not trusts(origin, "https://shop.example")


@pytest.mark.parametrize("origin", ["https://a.shop.example", "https://a.b.shop.example"])
def test_a_star_is_every_host_below(origin: str) -> None:
    assert trusts(origin, "https://*.shop.example")
    assert trusts(f"{origin}:8443", "https://*.shop.example:8443")


@pytest.mark.parametrize(
    "origin",
    [
        "https://shop.example",
        "http://a.shop.example",
        "https://a.shop.example:8443",
        "https://ashop.example",
        "https://a.shop.example.evil.test",
        "https://evil.test/.shop.example",
        "https://evil.test#.shop.example",
        "https://evil.test?.shop.example",
        "https://evil.test\\.shop.example",
        "https://evil.test@a.shop.example",
        "https://*.shop.example",
        "https://.shop.example",
        "https://a..shop.example",
        "null",
    ],
)
def test_a_star_is_no_more_than_that(origin: str) -> None:
    assert not trusts(origin, "https://*.shop.example")


@pytest.mark.parametrize(
    "listed",
    [
        "*",
        "https://*",
        "https://*.*.example",
        "https://a.*.example",
        "https://shop.example; script-src *",
        "https://shop.example 'unsafe-inline'",
        "https://shop.example\n",
        "https://shop.example/path",
        "https://user@shop.example",
        "ftp://shop.example",
        "null",
        "",
    ],
)
def test_what_is_no_origin_is_trusted_nowhere(listed: str) -> None:
    assert not is_origin(listed)
    assert not trusts("https://shop.example", listed)
    assert not trusts(listed or "null", listed)


@pytest.mark.parametrize("listed", [None, 7, {"a": "b"}, "https://shop.example"])
def test_a_list_that_is_none_trusts_nobody(listed: object) -> None:
    organization = Organization(trusted_origins=listed)
    assert not is_trusted("https://shop.example", HOST, organization)


def test_its_own_pages_always_may() -> None:
    assert trusts(f"https://{HOST}")
    assert trusts("")  # no browser


def test_by_https_the_page_came_by_https() -> None:
    """Who sits on the line can write pages of http://, and their Origin is that of the host."""
    assert not is_own(f"http://{HOST}", HOST, secure=True)
    assert is_own(f"http://{HOST}", HOST)
    assert is_own(f"https://{HOST}", HOST)  # a proxy that does not say how it was asked


@pytest.mark.parametrize("origin", [f"https://{HOST}:8443", f"https://www.{HOST}", "null"])
def test_another_port_is_another_page(origin: str) -> None:
    assert not trusts(origin)


@override_settings(ALLOWED_HOSTS=["other.example"])
def test_a_host_that_is_not_ours_has_no_own_pages() -> None:
    assert not trusts(f"https://{HOST}")
    assert not trusts("https://shop.example", "https://shop.example")
