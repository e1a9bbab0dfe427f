"""The greeting beside a closed widget."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client

from livechat_widget.domain import bans, chats, greetings, tokens
from livechat_widget.models import Customer, Greeting, Organization
from tests.cast import Cast

PAGE = "/livechat/widget/greeting"
CARD = {
    "template_id": "cards",
    "elements": [
        {
            "title": "A <b>scarf</b>",
            "buttons": [
                {"text": "Tell me more", "postback_id": "more", "type": "message", "value": "More"},
                {"text": "Not now", "postback_id": "no", "type": "cancel"},
            ],
        }
    ],
}


@pytest.fixture
def site(cast: Cast) -> Cast:
    """The cast's organization is the one of the site."""
    Organization.objects.exclude(pk=cast.organization.pk).delete()
    return cast


def visit(client: Client, **page: str) -> HttpResponse:
    return client.get(PAGE, {"url": "https://shop.example/cups", **page})


def act(client: Client, customer: Customer, unique_id: str, name: str) -> HttpResponse:
    token = f"Bearer {tokens.mint(customer)}"
    return client.post(f"{PAGE}/{unique_id}/{name}", headers={"Authorization": token})


def test_it_works(client: Client, site: Cast) -> None:
    site.greeting(active=True, text="May I <b>help</b>?")
    response = visit(client, title="Cups")
    html = response.content.decode()
    greeting = Greeting.objects.get()
    assert "May I &lt;b&gt;help&lt;/b&gt;?" in html
    assert "Ann" in html
    assert f"{PAGE}/{greeting.pk}/accept" in html
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert "X-Frame-Options" not in response
    customer = greeting.customer
    assert (customer.page["url"], customer.page["title"]) == ("https://shop.example/cups", "Cups")
    assert customer.greetings_shown_count == 1
    # It waits on the next page, and is counted once.
    assert "May I" in visit(client).content.decode()
    assert Greeting.objects.count() == 1


def test_a_rich_message_is_drawn_with_its_buttons(client: Client, site: Cast) -> None:
    site.greeting(active=True, text="", rich_message=CARD)
    html = visit(client).content.decode()
    assert "A &lt;b&gt;scarf&lt;/b&gt;" in html
    assert re.findall('data-type="(\\w*)"', html) == ["message", "cancel"]
    assert "disabled" not in html


def test_without_a_greeting_nobody_is_remembered(client: Client, site: Cast) -> None:
    site.greeting(active=False)
    response = visit(client)
    assert (response.status_code, response.content) == (204, b"")
    assert not response.cookies
    assert not Customer.objects.exists()


def test_where_no_condition_holds_there_is_nothing_to_see(client: Client, site: Cast) -> None:
    only_home = [{"type": "page_url", "patterns": ["https://shop.example/"]}]
    site.greeting(active=True, conditions=only_home)
    assert visit(client).status_code == 204
    assert visit(client, url="https://shop.example/").status_code == 200


def test_it_is_accepted_or_canceled_once_and_for_all(client: Client, site: Cast) -> None:
    for name in ("accept", "cancel"):
        site.greeting(active=True, name=name)
        assert visit(client).status_code == 200
        greeting = Greeting.objects.get(template__name=name)
        for _ in range(2):
            assert act(client, greeting.customer, greeting.pk, name).status_code == 204
        greeting.refresh_from_db()
        assert (greeting.accepted, greeting.canceled) == (name == "accept", name == "cancel")
        assert visit(client).status_code == 204
    assert greeting.customer.greetings.count() == 2


def test_a_newer_one_takes_its_place(client: Client, site: Cast) -> None:
    site.greeting(active=True, text="First")
    visit(client)
    first = Greeting.objects.get()
    second = greetings.send(first.customer_id, site.ann, site.greeting(text="Second").pk)
    html = visit(client).content.decode()
    assert "Second" in html
    assert "First" not in html
    first.refresh_from_db()
    assert first.canceled
    assert act(client, first.customer, first.pk, "accept").status_code == 404
    assert act(client, first.customer, second.pk, "accept").status_code == 204


def test_it_is_nobody_elses(client: Client, site: Cast) -> None:
    site.greeting(active=True)
    visit(client)
    greeting = Greeting.objects.get()
    mallory = site.customer()
    for name in ("accept", "cancel"):
        response = act(client, mallory, greeting.pk, name)
        assert response.json()["error"]["type"] == "greeting_not_found"
        assert client.post(f"{PAGE}/{greeting.pk}/{name}").status_code == 401


def test_the_widget_opens_with_it(client: Client, site: Cast) -> None:
    site.greeting(active=True, text="May I help?")
    visit(client)
    greeting = Greeting.objects.get()
    act(client, greeting.customer, greeting.pk, "accept")
    assert "May I help?" in client.get("/livechat/widget/").content.decode()
    chat = site.chat(greeting.customer)
    html = client.get("/livechat/widget/").content.decode()
    assert html.index("May I help?") < html.index("Hello")
    chats.deactivate(chat.pk, site.ann)
    chats.resume(chat.pk, greeting.customer, chats.Opening())
    assert "May I help?" not in client.get("/livechat/widget/").content.decode()


def test_pressed_buttons_are_noted(client: Client, site: Cast) -> None:
    site.greeting(active=True, text="", rich_message=CARD)
    visit(client)
    greeting = Greeting.objects.get()
    token = f"Bearer {tokens.mint(greeting.customer)}"
    for button, status in (("more", 204), ("less", 404)):
        address = f"{PAGE}/{greeting.pk}/press"
        response = client.post(address, {"button_id": button}, headers={"Authorization": token})
        assert response.status_code == status
    greeting.refresh_from_db()
    assert greeting.pressed == ["more"]


def test_who_is_kept_out_is_not_greeted(client: Client, site: Cast) -> None:
    site.greeting(active=True)
    visit(client)
    bans.ban(Greeting.objects.get().customer, 1)
    assert visit(client).status_code == 204


def test_who_is_signed_in_is_greeted_as_such(client: Client, site: Cast) -> None:
    user = get_user_model().objects.create_user("vera", "vera@example.org", "secret")
    client.force_login(user)
    site.greeting(active=True)
    here = {"HTTP_SEC_FETCH_SITE": "same-origin"}
    client.get(PAGE, {"url": "https://shop.example/"}, **here)
    page = client.get("/livechat/widget/", **here).content.decode()
    assert f'data-me="{Greeting.objects.get().customer_id}"' in page


@pytest.mark.parametrize("page", [{"url": "x" * 5000}, {"title": "a\x00b"}, {"url": ""}])
def test_it_takes_whatever_a_page_says(client: Client, site: Cast, page: dict[str, Any]) -> None:
    site.greeting(active=True)
    assert visit(client, **page).status_code == 200
