"""What the widget's page asks, and what becomes of the answers."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from livechat_widget.domain import chats, properties, tokens
from livechat_widget.models import (
    Agent,
    Customer,
    Event,
    Form,
    FormField,
    Mail,
    Organization,
    Thread,
    Ticket,
)
from livechat_widget.protocol.forms import FIELDS
from tests.cast import Cast

WIDGET = "/livechat/widget/"
EVERY_FIELD = [
    {"type": "header", "label": "Hello. Read https://example.org/privacy first"},
    {"type": "name", "label": "Your name", "required": True},
    {"type": "email", "label": "Your mail", "required": True},
    {"type": "question", "label": "Order number"},
    {"type": "textarea", "label": "Tell us"},
    {"type": "subject", "label": "Subject"},
    {"type": "radio", "label": "Size", "options": "Small\nLarge"},
    {"type": "select", "label": "Colour", "options": "Red\n*Blue"},
    {"type": "checkbox", "label": "Extras", "options": "Lid\nBow\nCard"},
    {"type": "checkbox_for_email", "label": "Yes: https://example.org/terms", "required": True},
    {"type": "group_chooser", "label": "Team"},
    {"type": "rating", "label": "How was it?", "options": "Why?"},
]


@pytest.fixture
def site(cast: Cast) -> Cast:
    """The cast's organization is the one of the site."""
    Organization.objects.exclude(pk=cast.organization.pk).delete()
    return cast


@pytest.fixture
def vera(site: Cast) -> Customer:
    return site.customer()


class Page:
    """A visitor's page: what it asks, and where it posts."""

    def __init__(self, client: Client, customer: Customer) -> None:
        self.client, self.customer = client, customer
        self.headers = {"Authorization": f"Bearer {tokens.mint(customer)}"}

    def ask(self, **query: Any) -> str:
        response = self.client.get(f"{WIDGET}questions", query, headers=self.headers)
        assert response.status_code == 200
        return response.content.decode()

    def post(self, name: str, form: dict[str, Any], **how: Any) -> HttpResponse:
        how = {"headers": self.headers, **how}
        return self.client.post(f"{WIDGET}questions/{name}", form, **how)


@pytest.fixture
def page(client: Client, vera: Customer) -> Page:
    return Page(client, vera)


def asked(html: str) -> str:
    found = re.search('data-asked="([^"]*)"', html)
    assert found
    return found[1]


def ended(site: Cast, customer: Customer) -> Thread:
    chat = site.chat(customer)
    site.reply(chat, "Good day")
    chats.deactivate(chat.pk, site.ann)
    return Thread.objects.get(chat=chat)


def sign_off(ann: Agent) -> None:
    ann.accepting = False
    ann.save()


def name_of(form: Form, label: str) -> str:
    """Of the input of a field."""
    place, field = next(
        (place, field) for place, field in enumerate(form.fields.all()) if field.label == label
    )
    return f"field-{place if form.type == 'ticket' else field.pk}"


def fill(form: Form, **answers: Any) -> dict[str, Any]:
    """A posted form, by labels."""
    given = {name_of(form, label.replace("_", " ")): value for label, value in answers.items()}
    return {**given, "custom_id": "c1"}


def test_it_asks_before_the_first_message(site: Cast, page: Page) -> None:
    assert asked(page.ask()) == ""
    site.form("prechat", {"type": "name", "label": "Your name"})
    html = page.ask()
    assert asked(html) == "prechat"
    assert "Your name" in html
    assert asked(page.client.get(WIDGET).content.decode()) == "prechat"


def test_it_draws_every_type_of_field(site: Cast, page: Page) -> None:
    assert {field["type"] for field in EVERY_FIELD} == set(FIELDS)
    site.form("prechat", *EVERY_FIELD)
    html = page.ask()
    labels = [field["label"].split(" https")[0].split(": https")[0] for field in EVERY_FIELD]
    assert [label for label in labels if label not in html] == []
    assert '<a href="https://example.org/terms"' in html
    assert re.search(r'<option value="1" selected>Blue', html)


def test_answers_begin_a_chat(site: Cast, page: Page, vera: Customer) -> None:
    site.group(1, "Orders")
    form = site.form("prechat", *EVERY_FIELD)
    consent = {name_of(form, "Yes: https://example.org/terms"): "on"}
    answers = fill(
        form,
        Your_name="Vera",
        Your_mail=" vera@example.org ",
        Tell_us="two\r\nlines",
        Size="1",
        Extras=["0", "2"],
        Team="1",
    )
    for _ in range(2):
        response = page.post("prechat", {**answers, **consent})
        assert (response.status_code, asked(response.content.decode())) == (200, "")
    event = Event.objects.get(chat__customer=vera, type="filled_form")
    assert [
        (one["label"], one.get("answer", one.get("answers"))) for one in event.content["fields"]
    ] == [
        ("Your name", "Vera"),
        ("Your mail", " vera@example.org "),
        ("Tell us", "two\nlines"),
        ("Size", {"id": "1", "label": "Large"}),
        ("Extras", [{"id": "0", "label": "Lid"}, {"id": "2", "label": "Card"}]),
        ("Yes: https://example.org/terms", True),
        ("Team", {"id": "1", "group_id": 1, "label": "Orders"}),
    ]
    vera.refresh_from_db()
    assert (vera.name, vera.email) == ("Vera", "vera@example.org")
    thread = Thread.objects.get(chat__customer=vera)
    assert (thread.active, thread.group.number) == (True, 1)
    assert asked(page.ask()) == ""


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(site: Cast, page: Page) -> None:
    form = site.form("prechat", *EVERY_FIELD)
    response = page.post("prechat", fill(form, Your_mail="vera", Tell_us="<b>much</b>", Size="9"))
    html = response.content.decode()
    assert response.status_code == 422
    for label, said in {
        "Your name": "An answer is required.",
        "Your mail": "Write an e-mail address, such as vera@example.org.",
        "Size": "The form has changed; fetch it again.",
        "Yes: https://example.org/terms": "An answer is required.",
    }.items():
        assert f'id="lc-{name_of(form, label)}-error" class="lc-field__error">{said}<' in html
    assert html.count('class="lc-field__error">') == 4
    assert html.count('aria-invalid="true"') == 4
    assert 'value="vera"' in html
    assert "&lt;b&gt;much&lt;/b&gt;" in html
    assert 'name="custom_id" value="c1"' in html
    assert not Event.objects.filter(chat__customer=page.customer).exists()


def test_without_an_answer_nothing_begins(site: Cast, page: Page) -> None:
    form = site.form("prechat", {"type": "question", "label": "Order"})
    response = page.post("prechat", fill(form, Order=" "))
    assert (response.status_code, asked(response.content.decode())) == (200, "")
    assert not Thread.objects.filter(chat__customer=page.customer).exists()


def test_what_fills_the_trap_is_thanked_and_forgotten(site: Cast, page: Page) -> None:
    site.form("ticket", {"type": "email", "label": "Mail"}, {"type": "textarea", "label": "Text"})
    answers = {"field-0": "bot@example.org", "field-1": "Buy!", "website": "https://a.test"}
    response = page.post("ticket", answers)
    assert asked(response.content.decode()) == "receipt"
    assert not Ticket.objects.exists()


def test_a_form_that_went_away_is_no_dead_end(site: Cast, page: Page) -> None:
    response = page.post("prechat", {"field-1": "Vera"})
    assert (response.status_code, asked(response.content.decode())) == (200, "")


def test_a_ticket_remains_when_nobody_is_there(site: Cast, page: Page) -> None:
    form = site.form(
        "ticket",
        {"type": "email", "label": "Mail", "required": True},
        {"type": "textarea", "label": "Text", "required": True},
    )
    site.form("prechat", {"type": "name", "label": "Name"})
    assert asked(page.ask()) == "prechat"
    sign_off(site.ann)
    assert asked(page.ask()) == "ticket"
    answers = {**fill(form, Mail="vera@example.org", Text="Help"), "time_zone": "Europe/Paris"}
    for _ in range(2):
        html = page.post("ticket", answers).content.decode()
        ticket = Ticket.objects.get()
        assert asked(html) == "receipt"
        assert ticket.pk in html
        assert "vera@example.org" in html
    assert (ticket.message, ticket.time_zone) == ("Text: Help", "Europe/Paris")
    assert ticket.customer == page.customer


def test_a_ticket_that_cannot_be_taken_says_why(site: Cast, page: Page, settings: Any) -> None:
    settings.LIVECHAT = {**settings.LIVECHAT, "TICKETS_PER_HOUR": 0}
    form = site.form(
        "ticket", {"type": "email", "label": "Mail"}, {"type": "subject", "label": "S"}
    )
    form.fields.create(type="textarea", label="Text", position=9)
    response = page.post("ticket", fill(form, Mail="vera@example.org", Text="Help"))
    assert response.status_code == 422
    assert "At most 0 tickets an hour" in response.content.decode()
    assert 'value="vera@example.org"' in response.content.decode()


def test_after_the_end_it_asks_how_it_was(site: Cast, page: Page, vera: Customer) -> None:
    form = site.form(
        "postchat",
        {"type": "rating", "label": "How was it?", "options": "Why?"},
        {"type": "question", "label": "Anything else?"},
    )
    thread = ended(site, vera)
    html = page.ask()
    assert asked(html) == "postchat"
    assert "lc-rating" not in html
    rating = name_of(form, "How was it?")
    answers = {rating: "1", f"{rating}-comment": "Kind", name_of(form, "Anything else?"): "No"}
    html = page.post("postchat", {**answers, "custom_id": "c1"}).content.decode()
    assert asked(html) == "about"
    event = Event.objects.get(thread=thread, type="filled_form")
    assert [one["answer"] for one in event.content["fields"]] == ["No"]
    thread.refresh_from_db()
    assert not thread.active
    assert thread.properties["rating"] == {"score": 1, "comment": "Kind"}
    assert asked(page.ask()) == "about"
    assert asked(page.ask(anew=1)) == ""


def test_a_rating_is_changed_and_withdrawn(site: Cast, page: Page, vera: Customer) -> None:
    chat = site.chat(vera)
    assert "lc-rating" not in page.ask(about=1)  # nobody has answered yet
    site.reply(chat, "Good day")
    assert 'name="comment"' not in page.ask(about=1)
    assert pressed(page.post("rating", {"score": "1"})) == ["true", "false"]
    page.post("rating", {"comment": "Kind\r\nand quick"})
    assert pressed(page.post("rating", {"score": "0"})) == ["false", "true"]
    assert rating(vera) == {"score": 0, "comment": "Kind\nand quick"}
    assert pressed(page.post("rating", {"score": ""})) == ["false", "false"]
    assert rating(vera) == {}


def pressed(response: HttpResponse) -> list[str]:
    return re.findall('aria-pressed="(true|false)"', response.content.decode())


def rating(customer: Customer) -> dict[str, Any]:
    thread = Thread.objects.get(chat__customer=customer)
    return thread.properties.get("rating", {})


@pytest.mark.parametrize("score", ["2", "x"])
def test_it_takes_no_other_score(site: Cast, page: Page, vera: Customer, score: str) -> None:
    site.chat(vera)
    page.post("rating", {"score": score})
    assert rating(vera) == {}


def test_a_transcript_goes_to_the_address_that_is_given(
    site: Cast, page: Page, vera: Customer
) -> None:
    thread = ended(site, vera)
    response = page.post("transcript", {"email": "vera"})
    assert response.status_code == 422
    assert "Write an e-mail address" in response.content.decode()
    response = page.post("transcript", {"email": " vera@example.org "})
    assert "It goes to <bdi>vera@example.org</bdi>" in response.content.decode()
    assert Mail.objects.get(transcript_of=thread).to == "vera@example.org"
    assert (
        properties.read(Thread.objects.get(), "routing", "transcript_email") == "vera@example.org"
    )


@pytest.mark.parametrize("name", ["rating", "transcript"])
def test_what_is_about_a_chat_needs_one(page: Page, name: str) -> None:
    response = page.post(name, {"score": "1", "email": "vera@example.org"})
    assert (response.status_code, response.json()["error"]["type"]) == (404, "not_found")


def test_it_works_as_a_plain_form(site: Cast, client: Client) -> None:
    form = site.form("prechat", {"type": "name", "label": "Name", "required": True})
    html = client.get(WIDGET).content.decode()
    token = re.search('name="token" value="([^"]+)"', html)
    assert token
    plain = Page(client, tokens.read(token[1]))
    response = plain.post("prechat", {"token": token[1], **fill(form, Name="")}, headers={})
    assert response.status_code == 422
    assert "<!DOCTYPE html>" in response.content.decode()
    assert "An answer is required." in response.content.decode()
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    response = plain.post("prechat", {"token": token[1], **fill(form, Name="Vera")}, headers={})
    assert (response.status_code, response["Location"]) == (303, WIDGET)
    assert Event.objects.filter(chat__customer=plain.customer, type="filled_form").exists()
    assert "Vera" in client.get(WIDGET).content.decode()


@pytest.mark.parametrize("name", ["prechat", "postchat", "ticket", "rating", "transcript"])
def test_a_plain_form_needs_the_token_and_takes_no_cookie(
    client: Client, site: Cast, name: str
) -> None:
    client.get(WIDGET)
    assert client.cookies
    response = client.post(f"{WIDGET}questions/{name}", {"score": "1", "field-1": "Vera"})
    assert (response.status_code, response.json()["error"]["type"]) == (401, "authentication")


@pytest.mark.parametrize("value", ["a\x00b", "x" * 1001])
def test_what_cannot_be_kept_is_refused(site: Cast, page: Page, value: str) -> None:
    form = site.form("prechat", {"type": "question", "label": "Order"})
    response = page.post("prechat", fill(form, Order=value))
    assert response.status_code == 422
    assert not Thread.objects.filter(chat__customer=page.customer).exists()


def test_another_form_field_is_no_business_of_ours(site: Cast, page: Page) -> None:
    mine = site.form("prechat", {"type": "question", "label": "Order"})
    other = FormField.objects.create(
        form=site.form("ticket", {"type": "email"}), type="question", label="Other", position=3
    )
    page.post("prechat", {**fill(mine, Order="7"), f"field-{other.pk}": "x"})
    event = Event.objects.get(chat__customer=page.customer, type="filled_form")
    assert [one["answer"] for one in event.content["fields"]] == ["7"]
