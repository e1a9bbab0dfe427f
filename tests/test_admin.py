"""The admin: every page renders, history is looked at only, set-up can be changed."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from livechat_widget import models as ours
from livechat_widget.admin.scope import SiteAdmin
from livechat_widget.domain import (
    bans,
    chats,
    customers,
    files,
    greetings,
    mails,
    presence,
    properties,
    standing,
    tickets,
    uploads,
)
from livechat_widget.domain.conditions import CONDITIONS
from livechat_widget.domain.properties import Place
from livechat_widget.domain.standing import Seat
from livechat_widget.domain.tickets import NewTicket
from livechat_widget.models import (
    Agent,
    Customer,
    Deployment,
    File,
    Form,
    FormField,
    Greeting,
    GreetingTemplate,
    Group,
    Lease,
    Membership,
    Organization,
    Presence,
    RoutingRule,
    SigningKey,
    Ticket,
    Worker,
)
from tests.cast import Cast

MODELS = list(apps.get_app_config("livechat_widget").get_models())
# Rows of another one's page.
PARTS = {FormField, Membership}
OURS = [model for model in MODELS if not model._meta.auto_created and model not in PARTS]
SET_UP = {Agent, Form, GreetingTemplate, Group, Organization, RoutingRule, SigningKey}
HISTORY = [model for model in OURS if model not in SET_UP | {Customer, File, Ticket}]
GROWING = [model for model in OURS if model not in SET_UP | {Deployment, Lease, Presence, Worker}]
# What the page of a group sends besides what is changed.
GROUP = {
    "name": "General",
    "strategy": "manual",
    "offline": "message",
    "time_zone": "UTC",
}


@pytest.fixture
def full(cast: Cast, media: Path) -> Cast:
    """Something of everything, an ended thread included."""
    vera = cast.customer(name="Vera")
    chat = cast.chat(vera, "Is <b>this</b> on?")
    cast.reply(chat, "Yes")
    given = {"routing": {"transcript_email": "vera@example.org"}}
    properties.update(Place(chat.pk, chat.last_thread_id), vera, given)
    chats.deactivate(chat.pk, cast.ann)
    cast.chat()
    cast.form("prechat", {"type": "name"})
    mails.write("ann@example.org", "Hello", "Text")
    write_ticket(cast, subject="A <b>cup</b> & more")
    greet(cast)
    cast.key()
    bans.ban(cast.customer(), 1, cast.ann)
    presence.report("one", 1, {})
    RoutingRule.objects.create(group=cast.general)
    uploads.take(vera, io.BytesIO(b"%PDF-1.4"), "a.pdf")
    Lease.objects.create(name="another job", holder="one", expires_at="2030-01-01T00:00:00Z")
    return cast


def greet(cast: Cast) -> Greeting:
    return greetings.send(str(cast.customer().pk), cast.ann, cast.greeting().pk)


def write_ticket(cast: Cast, **fields: Any) -> Ticket:
    given = {"email": "vera@example.org", "message": "It broke", "name": "Vera", **fields}
    return tickets.write(cast.organization, NewTicket(**given))


@pytest.fixture
def root(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    return client


def url(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def names(of: list[type[models.Model]]) -> list[str]:
    return [model.__name__ for model in of]


def test_every_model_is_there() -> None:
    assert {*names(OURS), *(model.__name__ for model in PARTS)} == set(ours.__all__)
    assert [model for model in OURS if not admin.site.is_registered(model)] == []


def test_every_list_is_of_the_site() -> None:
    """What tests/sockets/test_sites.py shows goes for all of them."""
    shown = {model: admin.site._registry[model] for model in OURS}
    assert [model for model, one in shown.items() if not isinstance(one, SiteAdmin)] == []


@pytest.mark.parametrize("model", OURS, ids=names(OURS))
def test_every_list_renders(full: Cast, root: Client, model: type[models.Model]) -> None:
    assert model._default_manager.exists()
    for query in ({}, {"q": "Vera"}, {"q": "1"}):
        response = root.get(url(model, "changelist"), query)
        assert response.status_code == 200, query


@pytest.mark.parametrize("model", OURS, ids=names(OURS))
def test_every_object_renders(full: Cast, root: Client, model: type[models.Model]) -> None:
    for one in model._default_manager.all():
        assert root.get(url(model, "change", one.pk)).status_code == 200


@pytest.mark.parametrize("model", HISTORY, ids=names(HISTORY))
def test_history_cannot_be_touched(full: Cast, root: Client, model: type[models.Model]) -> None:
    one = model._default_manager.latest("pk")
    before = model._default_manager.filter(pk=one.pk).values().get()
    assert root.get(url(model, "add")).status_code == 403
    assert root.post(url(model, "change", one.pk), {}).status_code == 403
    assert root.post(url(model, "delete", one.pk), {"post": "yes"}).status_code == 403
    root.post(url(model, "changelist"), {"action": "delete_selected", "_selected_action": one.pk})
    assert model._default_manager.filter(pk=one.pk).values().get() == before


@pytest.mark.parametrize("model", GROWING, ids=names(GROWING))
def test_lists_cost_the_same_for_more(full: Cast, root: Client, model: type[models.Model]) -> None:

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            root.get(url(model, "changelist"))
        return len(queries)

    cost()
    before = cost()
    for _ in range(3):
        full.reply(full.chat(), "Hello")
        mails.write("ann@example.org", "Hello", "Text")
        write_ticket(full)
        greet(full)
    assert cost() == before


def test_a_file_goes_with_its_bytes(full: Cast, root: Client) -> None:
    """By its own page, and with others by the list."""
    uploads.take(full.ann, io.BytesIO(b"%PDF-1.4"), "b.pdf")
    one, other = File.objects.all()
    there = files.storage().exists
    assert there(one.paths[""])
    assert root.post(url(File, "change", one.pk), {}).status_code == 403
    assert root.post(url(File, "delete", one.pk), {"post": "yes"}).status_code == 302
    form = {"action": "delete_selected", "_selected_action": other.pk, "post": "yes"}
    root.post(url(File, "changelist"), form)
    assert not File.objects.exists()
    assert not any(there(file.paths[""]) for file in (one, other))


def test_a_chat_shows_what_was_said_and_by_whom(full: Cast, root: Client) -> None:
    chat = ours.Chat.objects.get(customer__name="Vera")
    page = root.get(url(ours.Chat, "change", chat.pk)).content.decode()
    for expected in ("Is &lt;b&gt;this&lt;/b&gt; on?", "Yes", "Ann ended the chat"):
        assert expected in page
    speakers = re.findall(r'field-speaker">\s*<p>([^<]*)</p>', page)
    assert speakers == ["Vera", "Ann", "system", "system"]


def test_the_console_is_a_click_away(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ann.user)
    console = reverse("admin:livechat_widget_chat_console")
    pages = [url(ours.Chat, "changelist"), reverse("admin:app_list", args=["livechat_widget"])]
    cast.ann.user.user_permissions.add(Permission.objects.get(codename="view_chat"))
    for page in pages:
        assert f'href="{console}"' in client.get(page).content.decode()
    cast.ann.user.user_permissions.remove(Permission.objects.get(codename="use_console"))
    for page in pages:
        assert f'href="{console}"' not in client.get(page).content.decode()


def test_a_new_organization_has_its_general_group(root: Client) -> None:
    form = {"name": "Second shop", "trusted_origins": "[]"}
    assert root.post(url(Organization, "add"), form).status_code == 302
    made = Organization.objects.get(name="Second shop")
    assert list(made.groups.values_list("number", flat=True)) == [0]


def test_an_organization_keeps_its_ids(cast: Cast, root: Client) -> None:
    one = cast.organization
    form = {"name": "New name", "trusted_origins": "[]", "license_id": "1", "organization_id": "x"}
    assert root.post(url(Organization, "change", one.pk), form).status_code == 302
    after = Organization.objects.get(pk=one.pk)
    assert after.name == "New name"
    assert (after.license_id, after.organization_id) == (one.license_id, one.organization_id)


def test_the_general_group_stays(cast: Cast, root: Client) -> None:
    assert root.post(url(Group, "delete", cast.general.pk), {"post": "yes"}).status_code == 403
    other = Group.objects.create(organization=cast.organization, number=1, name="Orders")
    assert root.post(url(Group, "delete", other.pk), {"post": "yes"}).status_code == 302
    assert not Group.objects.filter(pk=other.pk).exists()
    form = {"action": "delete_selected", "_selected_action": cast.general.pk, "post": "yes"}
    root.post(url(Group, "changelist"), form)
    assert Group.objects.filter(pk=cast.general.pk).exists()


def test_a_group_keeps_its_number(cast: Cast, root: Client) -> None:
    form = GROUP | {"name": "Everybody", "number": "7"}
    assert root.post(url(Group, "change", cast.general.pk), form).status_code == 302
    after = Group.objects.get(pk=cast.general.pk)
    assert (after.name, after.number) == ("Everybody", 0)


def test_an_agent_has_groups_of_its_own_organization(cast: Cast, root: Client) -> None:
    ann = cast.ann
    foreign = Cast().general

    def save(group: Group) -> int:
        form = {
            "user": ann.user_id,
            "organization": ann.organization_id,
            "name": "Ann",
            "concurrent_limit": 6,
            "memberships-TOTAL_FORMS": 1,
            "memberships-INITIAL_FORMS": 0,
            "memberships-0-group": group.pk,
            "memberships-0-priority": "normal",
        }
        return root.post(url(Agent, "change", ann.pk), form).status_code

    assert save(foreign) == 200
    assert list(ann.groups.all()) == []
    assert save(cast.general) == 302
    assert list(ann.groups.all()) == [cast.general]


def test_a_corrected_customer_is_news(cast: Cast, root: Client) -> None:
    vera = cast.customer(name="Vera")
    cast.chat(vera)
    form = {"name": "Vera Cruz", "email": "vera@example.org", "avatar": ""}
    assert root.post(url(Customer, "change", vera.pk), form).status_code == 302
    after = Customer.objects.get(pk=vera.pk)
    assert (after.name, after.email) == ("Vera Cruz", "vera@example.org")
    entry = vera.stream.entries.filter(action="customer_updated").latest("seq")
    assert entry.payload == {"id": str(vera.pk), "name": "Vera Cruz", "email": "vera@example.org"}


def test_a_customer_cannot_be_made_or_deleted(cast: Cast, root: Client) -> None:
    vera = customers.create(cast.organization)
    assert root.get(url(Customer, "add")).status_code == 403
    assert root.post(url(Customer, "delete", vera.pk), {"post": "yes"}).status_code == 403


def test_properties_are_checked(root: Client, cast: Cast) -> None:
    page = url(Group, "change", cast.general.pk)
    form = GROUP | {"properties": '{"test": {"int_property": "one"}}'}
    response = root.post(page, form)
    assert "whole number" in response.content.decode()
    assert root.post(page, form | {"properties": '{"test": 1}'}).status_code == 200
    assert (
        root.post(page, form | {"properties": '{"test": {"int_property": 1}}'}).status_code == 302
    )
    assert Group.objects.get(pk=cast.general.pk).properties == {"test": {"int_property": 1}}
    assert root.post(page, form | {"properties": ""}).status_code == 302
    assert Group.objects.get(pk=cast.general.pk).properties == {}


def post_form(client: Client, cast: Cast, *rows: dict[str, Any], form: Form | None = None) -> Any:
    """What the page of a form sends; the rows that are there already come first."""
    data: dict[str, Any] = {
        "group": cast.general.pk,
        "type": "prechat",
        "enabled": "on",
        "fields-TOTAL_FORMS": len(rows),
        "fields-INITIAL_FORMS": sum("id" in row for row in rows),
    }
    for place, row in enumerate(rows):
        row = {"position": place, "label": "Thing", **row}
        data |= {f"fields-{place}-{name}": value for name, value in row.items()}
    page = url(Form, "change", form.pk) if form else url(Form, "add")
    return client.post(page, data)


def test_a_form_is_edited_as_a_list_of_fields(cast: Cast, root: Client) -> None:
    name = {"type": "name", "label": "Your name", "required": "on"}
    topic = {"type": "radio", "label": "Topic", "options": "Order\r\n* Repair"}
    assert post_form(root, cast, name, topic).status_code == 302
    made = Form.objects.get(group=cast.general)
    fields = list(made.fields.values_list("type", "label", "required"))
    assert fields == [("name", "Your name", True), ("radio", "Topic", False)]
    rows = [{"id": made.fields.first().pk, "form": made.pk, **name, "label": "Name"}]
    assert post_form(root, cast, *rows, form=made).status_code == 302
    assert made.fields.first().label == "Name"


@pytest.mark.parametrize(
    ("row", "member", "said"),
    [
        ({"type": "radio"}, "options", "write what there is to choose from"),
        ({"type": "select", "options": "A\nA"}, "options", "write each line once"),
        ({"type": "checkbox", "options": "A\n*"}, "options", "write something after the *"),
        ({"type": "radio", "options": "*A\n*B"}, "options", "only one line may begin with *"),
        ({"type": "name", "options": "A"}, "options", "has no options"),
        ({"type": "group_chooser", "options": "A"}, "options", "has no options"),
        ({"type": "rating", "options": "A\nB"}, "options", "one line"),
        ({"type": "header", "required": "on"}, "required", "cannot be required"),
        ({"type": "name", "checked": "on"}, "checked", "only a consent"),
    ],
)
def test_a_wrong_field_is_named_with_its_member(
    cast: Cast, root: Client, row: dict[str, Any], member: str, said: str
) -> None:
    response = post_form(root, cast, {"type": "name"}, {"label": "Broken", **row})
    assert response.status_code == 200
    [rows] = response.context["inline_admin_formsets"]
    assert rows.formset.errors[0] == {}
    [message] = rows.formset.errors[1][member]
    assert message.startswith("“Broken”: ")
    assert said in message
    assert list(rows.formset.errors[1]) == [member]
    assert not Form.objects.filter(group=cast.general).exists()


def test_a_form_that_is_on_asks_something(cast: Cast, root: Client) -> None:
    response = post_form(root, cast)
    assert "it asks nothing yet" in response.content.decode()
    made = cast.form("prechat", {"type": "name"})
    gone = {"id": made.fields.get().pk, "form": made.pk, "type": "name", "DELETE": "on"}
    assert post_form(root, cast, gone, form=made).status_code == 200
    assert made.fields.exists()


def test_a_group_has_one_form_of_a_type(cast: Cast, root: Client) -> None:
    cast.form("prechat", {"type": "name"})
    assert post_form(root, cast, {"type": "name"}).status_code == 200
    assert Form.objects.filter(group=cast.general).count() == 1


def test_a_ticket_is_answered_by_mail_and_closed(full: Cast, root: Client) -> None:
    ticket = Ticket.objects.get()
    page = root.get(url(Ticket, "change", ticket.pk)).content.decode()
    subject = f"Re%3A%20%5B{ticket.pk}%5D%20A%20%3Cb%3Ecup%3C/b%3E%20%26%20more"
    assert f'href="mailto:vera%40example.org?subject={subject}"' in page
    assert "A &lt;b&gt;cup&lt;/b&gt; &amp; more" in page
    form = {"status": "closed", "message": "Forged", "email": "eve@example.org"}
    assert root.post(url(Ticket, "change", ticket.pk), form).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.status, ticket.message, ticket.email) == (
        "closed",
        "It broke",
        "vera@example.org",
    )
    assert root.get(url(Ticket, "add")).status_code == 403


def test_tickets_are_shown_by_group(cast: Cast) -> None:
    orders = cast.group(1)
    seen, hidden = write_ticket(cast), write_ticket(cast, group_number=1)
    client = Client()
    client.force_login(cast.ann.user)
    assert client.get(url(Ticket, "changelist")).status_code == 403
    cast.ann.user.user_permissions.add(Permission.objects.get(codename="view_ticket"))

    def shown() -> list[bool]:
        page = client.get(url(Ticket, "changelist")).content.decode()
        return [ticket.pk in page for ticket in (seen, hidden)]

    assert shown() == [True, False]
    assert client.get(url(Ticket, "change", hidden.pk)).status_code == 302
    cast.ann.groups.add(orders)
    assert shown() == [True, True]
    assert client.get(url(Ticket, "change", hidden.pk)).status_code == 200


def post_template(client: Client, cast: Cast, **fields: Any) -> Any:
    given = {"group": cast.general.pk, "name": "Hello", "text": "Hi", "subtype": "greeting"}
    return client.post(url(GreetingTemplate, "add"), {**given, **fields})


def test_a_greeting_has_a_field_for_each_condition(cast: Cast, root: Client) -> None:
    typed = {
        "page_url": "*/cups\r\n */pots \r\n",
        "page_title": "Cups",
        "visits": "2",
        "group_status": "online",
    }
    assert post_template(root, cast, active="on", **typed).status_code == 302
    made = GreetingTemplate.objects.get()
    assert made.conditions == [
        {"type": "page_url", "patterns": ["*/cups", "*/pots"]},
        {"type": "page_title", "contains": "Cups"},
        {"type": "visits", "at_least": 2},
        {"type": "group_status", "status": "online"},
    ]
    form = root.get(url(GreetingTemplate, "change", made.pk)).context["adminform"].form
    shown = {name: form[name].value() for name in CONDITIONS}
    unset = dict.fromkeys(["referrer", "language", "session_field"])
    assert shown == {**typed, "page_url": "*/cups\n*/pots", "visits": 2, **unset}


@pytest.mark.parametrize(
    ("wrong", "member", "said"),
    [
        ({"text": ""}, "text", "Write a text, or a rich message"),
        ({"rich_message": "{"}, "rich_message", "Enter a valid JSON"),
        ({"text": "", "rich_message": '{"elements": [{}]}'}, "rich_message", "template_id"),
        (
            {"text": "", "rich_message": '{"template_id": "cards", "elements": [{"title": 1}]}'},
            "rich_message",
            "$.elements[0].title",
        ),
        ({"visits": "0"}, "visits", "greater than or equal to 1"),
        ({"group_status": "maybe"}, "group_status", "not one of the available choices"),
    ],
)
def test_a_wrong_greeting_is_refused_at_the_field(
    cast: Cast, root: Client, wrong: dict[str, Any], member: str, said: str
) -> None:
    response = post_template(root, cast, **wrong)
    assert response.status_code == 200
    assert said in str(response.context["adminform"].form.errors[member])
    assert not GreetingTemplate.objects.exists()


def test_a_rich_greeting_is_taken_as_json(cast: Cast, root: Client) -> None:
    rich = {"template_id": "cards", "elements": [{"title": "Cups"}]}
    assert post_template(root, cast, text="", rich_message=json.dumps(rich)).status_code == 302
    assert GreetingTemplate.objects.get().rich_message == rich


def test_the_list_counts_what_became_of_greetings(cast: Cast, root: Client) -> None:
    template = cast.greeting()
    for act in (greetings.cancel, None, None):
        vera = cast.customer()
        shown = greetings.send(str(vera.pk), cast.ann, template.pk)
        if act:
            act(vera, shown.pk)
    greetings.accept(vera, template.pk, shown.pk)
    page = root.get(url(GreetingTemplate, "changelist")).content.decode()
    counts = [
        re.findall(rf'field-{name}">(\d+)<', page) for name in ("shown", "accepted", "canceled")
    ]
    assert counts == [["3"], ["1"], ["1"]]


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("ban_for_a_day", "customer_banned"),
        ("ban_for_a_month", "customer_banned"),
        ("block_for_an_hour", "customer_temporarily_blocked"),
        ("revoke_tokens", "access_token_revoked"),
        ("log_out", "logged_out_remotely"),
    ],
)
def test_a_customer_can_be_sent_away_and_come_back(
    cast: Cast, root: Client, action: str, reason: str
) -> None:
    vera, bob = cast.customer(name="Vera"), cast.customer()
    url = reverse("admin:livechat_widget_customer_changelist")

    def act(name: str) -> Any:
        return root.post(url, {"action": name, "_selected_action": [str(vera.pk)]})

    assert act(action).status_code == 302
    changes = standing.read_changes([cast.organization.pk], None)
    judged = [changes.judge(Seat(one, "3.5", "")) for one in (vera, bob)]
    assert judged[0] is not None
    assert (judged[0].reason, judged[1]) == (reason, None)
    act("lift_bans")
    vera.refresh_from_db()
    assert standing.read_changes([cast.organization.pk], None).judge(Seat(vera, "3.5", "")) is None


def test_who_may_only_look_at_customers_sends_nobody_away(cast: Cast, client: Client) -> None:
    user = cast.ann.user
    user.user_permissions.add(Permission.objects.get(codename="view_customer"))
    client.force_login(user)
    vera = cast.customer()
    url = reverse("admin:livechat_widget_customer_changelist")
    client.post(url, {"action": "ban_for_a_day", "_selected_action": [str(vera.pk)]})
    assert not vera.bans.exists()
