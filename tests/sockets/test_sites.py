"""Two sites on one deployment: whatever belongs to one is not found at the other, at any door."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client as Browser
from websockets.exceptions import InvalidStatus

from livechat_widget.admin.scope import SiteAdmin
from livechat_widget.domain import bans, greetings, organizations, tickets
from livechat_widget.domain.tickets import NewTicket
from livechat_widget.models import File, Mail, Organization, RoutingRule
from tests.cast import Cast
from tests.clients import Client
from tests.servers import Server, start_server

# One server has two names, and so two sites.
HOSTS = {1: "127.0.0.1", 2: "localhost"}
WEBSOCKET = "v3.5/customer/rtm/ws"


@dataclass
class Site:
    """The organization of one, asked at the host of the same, or of the other one."""

    cast: Cast
    origin: str
    other: str
    by: str = ""

    @property
    def query(self) -> str:
        return f"license_id={self.cast.organization.license_id}"

    def ask(self, path: str, body: Any = None, *, away: bool = False, **headers: str) -> Any:
        """Status and body; ``away``: at the other site, by a page of it."""
        origin = self.other if away else self.origin
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(f"{origin}/{path}", data)
        for name, value in {"Origin": origin, **headers}.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def session(self, **user: Any) -> dict[str, str]:
        """Of somebody who is signed in to the admin, at whatever host."""
        browser = Browser()
        browser.force_login(user.get("user") or self.cast.ann.user)
        name = settings.SESSION_COOKIE_NAME
        return {"Cookie": f"{name}={browser.cookies[name].value}"}

    def socket(self, path: str, *, away: bool = False, **headers: str) -> Client:
        origin = self.other if away else self.origin
        url = f"{origin.replace('http', 'ws', 1)}/{path}"
        return Client(url, origin=origin, additional_headers=headers)


@pytest.fixture(scope="module")
def sites(django_db_setup: None, django_db_blocker: Any) -> Iterator[Server]:
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE django_site"
            " (id integer PRIMARY KEY, domain varchar(100), name varchar(50))"
        )
        for number, host in HOSTS.items():
            cursor.execute("INSERT INTO django_site VALUES (%s, %s, %s)", [number, host, host])
    with start_server(LIVECHAT_TEST_SITES="1") as server:
        yield server
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        Organization.objects.update(site_id=None)
        cursor.execute("DROP TABLE django_site")


@pytest.fixture
def here(sites: Server, shared_db: None) -> Iterator[Site]:
    """The organization of the first site; the second one has another."""
    Organization.objects.update(site_id=None)
    first, second = Cast(), Cast()
    for number, cast in enumerate((first, second), 1):
        cast.organization.site_id = number
        cast.organization.save()
    origins = [f"http://{host}:{sites.port}" for host in HOSTS.values()]
    yield Site(first, *origins)
    assert "Traceback" not in sites.log()
    Organization.objects.update(site_id=None)


def test_a_token_is_given_at_the_own_site_alone(here: Site) -> None:
    body = {"license_id": here.cast.organization.license_id}
    assert here.ask("livechat/customer/token", body)[0] == 200
    assert here.ask("livechat/customer/token", body, away=True)[0] == 404
    page = f"livechat/customer?{here.query}&post_message_uri="
    assert here.ask(f"{page}{here.origin}/")[0] == 200
    assert here.ask(f"{page}{here.other}/", away=True)[0] == 404
    assert here.ask(f"{page}{here.other}/")[0] == 403


def test_a_servers_key_is_good_at_the_own_site_alone(here: Site) -> None:
    body = {"license_id": here.cast.organization.license_id, "grant_type": "agent_token"}
    key = {"Authorization": f"Bearer {here.cast.key().secret}", "Origin": ""}
    assert here.ask("livechat/customer/token", body, **key)[0] == 200
    assert here.ask("livechat/customer/token", body, away=True, **key)[0] == 404


def test_a_trusted_origin_opens_no_other_site(here: Site) -> None:
    here.cast.organization.trusted_origins = [here.other]
    here.cast.organization.save()
    body = {"license_id": here.cast.organization.license_id}
    assert here.ask("livechat/customer/token", body, Origin=here.other)[0] == 200
    assert here.ask("livechat/customer/token", body, away=True)[0] == 404


def test_a_socket_is_opened_at_the_own_site_alone(here: Site) -> None:
    vera = here.cast.customer()
    with here.socket(f"livechat/{WEBSOCKET}?{here.query}") as client:
        assert client.ask_ok("login", {"token": here.cast.token(vera)})
    with pytest.raises(InvalidStatus) as refused:
        here.socket(f"livechat/{WEBSOCKET}?{here.query}", away=True)
    assert refused.value.response.status_code == 403


def test_actions_are_taken_at_the_own_site_alone(here: Site) -> None:
    path = f"livechat/v3.5/customer/action/get_customer?{here.query}"
    token = {"Authorization": here.cast.token(here.cast.customer())}
    assert here.ask(path, {}, **token)[0] == 200
    assert here.ask(path, {}, away=True, **token)[0] == 404
    # What is no browser says no Origin, and gets no further.
    assert here.ask(path, {}, away=True, **token, Origin="")[0] == 404
    path = f"livechat/v3.5/customer/action/list_license_properties?{here.query}"
    assert [here.ask(path, away=away)[0] for away in (False, True)] == [200, 404]


def test_a_ticket_is_left_at_the_own_site_alone(here: Site) -> None:
    body = {
        "licence_id": here.cast.organization.license_id,
        "requester": {"mail": "vera@example.org"},
        "offline_message": "It broke",
    }
    assert here.ask("livechat/v2/tickets/new", body)[0] == 201
    assert here.ask("livechat/v2/tickets/new", body, away=True)[0] == 404


def test_the_widget_is_that_of_the_site(here: Site) -> None:
    mine = str(here.cast.organization.organization_id)
    assert mine in here.ask("livechat/widget/")[1]
    status, page = here.ask("livechat/widget/", away=True)
    assert status == 200
    assert mine not in page


def test_the_widgets_acts_are_taken_at_the_own_site_alone(here: Site) -> None:
    token = {"Authorization": here.cast.token(here.cast.customer())}
    form = b"text=Hello&custom_id=c1"
    assert here.ask("livechat/widget/messages", form, away=True, **token)[0] == 404
    assert here.ask("livechat/widget/messages", form, **token)[0] == 204
    news = "livechat/widget/news?after=0"
    assert [here.ask(news, away=away, **token)[0] for away in (False, True)] == [200, 404]


def test_the_console_is_at_the_own_site_alone(here: Site) -> None:
    here.cast.chat(text="Between us")
    session = here.session()
    path = "admin/livechat_widget/chat/console/"
    status, page = here.ask(path, **session)
    assert status == 200
    assert "Between us" in page
    status, page = here.ask(path, away=True, **session)
    assert status == 403
    assert "Between us" not in page
    with here.socket("livechat/console/ws", **session) as client:
        assert client.ask("login", {})["success"]
    with pytest.raises(InvalidStatus):
        here.socket("livechat/console/ws", away=True, **session)


def something_of_everything(cast: Cast) -> dict[str, Any]:
    """A row of each model that has an organization."""
    vera = cast.customer(name="Vera Cruz")
    cast.reply(cast.chat(vera), "Hello")
    cast.form("prechat", {"type": "name"})
    greetings.send(str(cast.customer().pk), cast.ann, cast.greeting().pk)
    bans.ban(cast.customer(), 1, cast.ann)
    tickets.write(cast.organization, NewTicket(email="v@example.org", message="It broke"))
    cast.key()
    RoutingRule.objects.create(group=cast.general)
    File.objects.create(organization=cast.organization, name="a.txt", size=1)
    scoped = {
        model: shown.organization_path
        for model, shown in admin.site._registry.items()
        if isinstance(shown, SiteAdmin) and shown.organization_path and model is not Mail
    }
    return {
        model._meta.model_name or "": model.objects.filter(**{path: cast.organization.pk}).first()
        for model, path in scoped.items()
    }


def staff(cast: Cast) -> Any:
    """May do everything with our models, and is no superuser; nobody's agent."""
    name = f"staff-{cast.organization.license_id}"
    user = get_user_model().objects.create_user(name, password="secret", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="livechat_widget"))
    return user


def test_the_admin_shows_what_is_of_the_site(here: Site) -> None:
    rows = something_of_everything(here.cast)
    assert len(rows) >= 15
    user = staff(here.cast)
    session = here.session(user=user)
    here.cast.ann.user, mine = user, here.cast.ann
    mine.save()  # tickets are for agents
    for name, row in rows.items():
        path = f"admin/livechat_widget/{name}"
        for away in (False, True):
            status, page = here.ask(f"{path}/{row.pk}/change/", away=away, **session)
            # Django sends who looks for what is not there back to the start page.
            found = f"/{name}/{row.pk}/history/" in page
            assert (status, found) == (200, not away), (name, away)
            status, listed = here.ask(f"{path}/", away=away, **session)
            assert status == 200
            assert (f"/{name}/{row.pk}/change/" in listed) is not away, (name, away)
            assert not (away and here.cast.organization.name in page + listed), name


def test_nothing_of_another_site_can_be_chosen(here: Site) -> None:
    session = here.session(user=staff(here.cast))
    lookup = "admin/autocomplete/?app_label=livechat_widget&model_name=agent&field_name=groups"
    lookup = f"{lookup}&term=General"
    for away in (False, True):
        status, page = here.ask(lookup, away=away, **session)
        found = {one["id"] for one in json.loads(page)["results"]}
        assert status == 200
        assert (str(here.cast.general.pk) in found) is not away


def test_one_organization_for_all_sites_is_found_at_each(here: Site) -> None:
    Organization.objects.update(site_id=None)
    body = {"license_id": here.cast.organization.license_id}
    for away in (False, True):
        assert here.ask("livechat/customer/token", body, away=away)[0] == 200


def test_where_sites_are_not_installed_every_organization_is_found(
    server: Server, live_cast: Cast
) -> None:
    other = organizations.create("Other", site_id=99)
    for organization in (live_cast.organization, other):
        site = Site(live_cast, server.url, server.url)
        body = {"license_id": organization.license_id}
        assert site.ask("livechat/customer/token", body)[0] == 200
    other.delete()
