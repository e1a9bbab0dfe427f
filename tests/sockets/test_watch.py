"""Who may still be at the console: the same answer for many as for one, at the same price."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.models import AnonymousUser, Permission
from django.contrib.auth.models import Group as Role
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from livechat_widget.domain import agents
from livechat_widget.models import Agent, Group
from livechat_widget.sockets.session import read_user
from livechat_widget.sockets.watch import read_rights
from tests.cast import Cast

ELSEWHERE = "django.contrib.sessions.backends"


@pytest.fixture(autouse=True)
def no_traceback() -> None:
    """There is no server here."""


class Directory(BaseBackend):
    """A host's own: everybody may everything, whatever the database says."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return bool(user_obj.is_active)


class Badge(ModelBackend):
    """One that knows in its way who somebody is, and leaves permissions to Django."""


def sign_in(agent: Agent) -> tuple[int, str]:
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    return agent.pk, client.cookies[django_settings.SESSION_COOKIE_NAME].value


def use_backends(settings: Any, *backends: type) -> None:
    names = [f"{backend.__module__}.{backend.__qualname__}" for backend in backends]
    settings.AUTHENTICATION_BACKENDS = names


def test_it_works(cast: Cast) -> None:
    ann, eve = sign_in(cast.ann), sign_in(cast.agent("Eve"))
    sales = Group.objects.create(organization=cast.organization, number=7, name="Sales")
    cast.ann.groups.add(sales)
    Agent.objects.get(pk=eve[0]).user.user_permissions.clear()
    found = read_rights({ann, eve, (cast.ann.pk, eve[1]), (cast.ann.pk, "nonsense")})
    assert found.keys() == {ann}
    assert found[ann].group_ids == {sales.pk}
    assert not found[ann].all_groups


def test_many_cost_as_much_as_one(cast: Cast) -> None:
    asking = {sign_in(cast.ann)}

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert read_rights(asking).keys() == asking
        return len(queries)

    one = cost()
    asking |= {sign_in(cast.agent(name)) for name in ("Bob", "Carl", "Dora")}
    assert cost() == one <= 5


def test_a_role_gives_rights_as_well(cast: Cast) -> None:
    role = Role.objects.create(name="Desk")
    role.permissions.set(Permission.objects.filter(codename__in=["use_console", "see_all_groups"]))
    cast.ann.user.user_permissions.clear()
    assert agents.rights_of([cast.ann.pk]) == {}
    cast.ann.user.groups.add(role)
    assert agents.rights_of([cast.ann.pk])[cast.ann.pk].all_groups


def test_a_host_s_own_backend_is_asked(cast: Cast, settings: Any) -> None:
    cast.ann.user.user_permissions.clear()
    use_backends(settings, ModelBackend, Badge)
    assert agents.rights_of([cast.ann.pk]) == {}
    use_backends(settings, ModelBackend, Directory)
    assert agents.rights_of([cast.ann.pk])[cast.ann.pk].all_groups


@pytest.mark.parametrize("engine", ["db", "cached_db", "cache", "file", "signed_cookies"])
def test_every_kind_of_session_is_known(
    cast: Cast, settings: Any, engine: str, tmp_path: Any
) -> None:
    settings.SESSION_ENGINE = f"{ELSEWHERE}.{engine}"
    settings.SESSION_FILE_PATH = str(tmp_path)
    client = Client()
    client.force_login(cast.ann.user)
    ann = (cast.ann.pk, client.cookies[django_settings.SESSION_COOKIE_NAME].value)
    assert read_rights({ann}).keys() == {ann}
    if engine != "signed_cookies":  # these live in the browser: only there can they end
        client.logout()
        assert read_rights({ann}) == {}
    else:
        cast.ann.user.set_password("new")
        cast.ann.user.save()
        assert read_rights({ann}) == {}


def test_a_changed_secret_key_signs_no_agent_out(cast: Cast, settings: Any) -> None:
    ann = sign_in(cast.ann)
    scope = {
        "headers": [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={ann[1]}".encode())],
    }
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new one"
    # A handshake cannot hand out a cookie, so the session has to stay as it is.
    for _ in range(2):
        assert read_user(scope) == (cast.ann.user, ann[1])
        assert ann in read_rights({ann})
    settings.SECRET_KEY_FALLBACKS = []
    assert read_user(scope) == (AnonymousUser(), "")
    assert not read_rights({ann})


@pytest.mark.parametrize("cookie", ["", "nonsense", "%00", "x" * 5000])
def test_a_handshake_without_a_session_is_nobodys(cast: Cast, cookie: str) -> None:
    scope = {"headers": [(b"cookie", f"sessionid={cookie}".encode())]}
    assert read_user(scope) == (AnonymousUser(), "")
