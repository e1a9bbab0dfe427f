"""Users of other sites: only what a key of the organization has signed makes somebody known."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from hashlib import sha256, sha384
from typing import Any

import jwt
import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from livechat_widget.domain import chats, tokens
from livechat_widget.models import Customer
from tests.cast import Cast

URL = "/livechat/v2/customer/token"
LOGOUT = "/livechat/v2/customer/logout"
SHOP = "https://shop.example"


@pytest.fixture
def cast(cast: Cast) -> Cast:
    cast.organization.trusted_origins = [SHOP]
    cast.organization.save()
    return cast


@pytest.fixture
def key(cast: Cast) -> str:
    return cast.key().secret


def claims(cast: Cast, **changes: Any) -> dict[str, Any]:
    moment = int(time.time())
    made = {
        "sub": "user-7",
        "aud": str(cast.organization.organization_id),
        "iat": moment,
        "exp": moment + 600,
        "name": "Vera",
        "email": "vera@example.org",
        "avatar": "https://shop.example/v.png",
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def sign(cast: Cast, key: str, **changes: Any) -> str:
    return jwt.encode(claims(cast, **changes), key, "HS256")


def person(cast: Cast, key: str, **changes: Any) -> dict[str, Any]:
    """As a site's server writes it, in whatever language."""
    made = {"user_id": "user-7", "issued_at": int(time.time()), "name": "Vera", **changes}
    lines = [str(cast.organization.organization_id), made["user_id"], str(made["issued_at"])]
    lines += [made.get(name, "") for name in ("name", "email", "avatar")]
    signature = hmac.new(key.encode(), "\n".join(lines).encode(), sha256).hexdigest()
    return {**made, "signature": signature}


def post(client: Client, cast: Cast, url: str = URL, **options: Any) -> HttpResponse:
    headers = options.pop("headers", {"Origin": SHOP})
    organization = options.pop("organization", cast.organization)
    body = {"organization_id": str(organization.organization_id), **options}
    return client.post(url, body, content_type="application/json", headers=headers)


def exchange(client: Client, cast: Cast, token: str, **options: Any) -> HttpResponse:
    options = {"grant_type": "identity_token", "identity_token": token, **options}
    return post(client, cast, **options)


def refusal(response: HttpResponse) -> tuple[int, str]:
    body = response.json()
    assert "access_token" not in body
    assert not response.cookies
    return response.status_code, body["error"]["type"]


def customer_of(response: HttpResponse) -> Customer:
    assert response.status_code == 200, response.content
    return tokens.read(response.json()["access_token"])


def test_it_works(client: Client, cast: Cast, key: str) -> None:
    response = exchange(client, cast, sign(cast, key))
    vera = customer_of(response)
    assert (vera.external_id, vera.name, vera.email) == ("user-7", "Vera", "vera@example.org")
    assert vera.avatar == "https://shop.example/v.png"
    assert response["Access-Control-Allow-Origin"] == SHOP
    assert customer_of(exchange(Client(), cast, sign(cast, key))) == vera


def test_it_works_with_a_plain_signature(client: Client, cast: Cast, key: str) -> None:
    options = {"grant_type": "identity_token", "identity": person(cast, key)}
    vera = customer_of(post(client, cast, **options))
    assert (vera.external_id, vera.name) == ("user-7", "Vera")
    assert customer_of(exchange(client, cast, sign(cast, key))) == vera


def test_the_anonymous_chat_goes_on(client: Client, cast: Cast, key: str) -> None:
    anonymous = customer_of(post(client, cast))
    chat = cast.chat(anonymous)
    response = exchange(client, cast, sign(cast, key))
    assert customer_of(response) == anonymous
    assert chats.id_of(anonymous) == chat.pk
    # The cookie is taken away: whoever comes to this browser next is somebody else.
    assert [one["max-age"] for one in response.cookies.values()] == [0]
    assert customer_of(post(client, cast)) != anonymous


def test_two_keys_are_good_until_one_is_deleted(client: Client, cast: Cast, key: str) -> None:
    new = cast.key()
    for secret in (key, new.secret):
        assert exchange(client, cast, sign(cast, secret)).status_code == 200
        identity = person(cast, secret)
        response = post(client, cast, grant_type="identity_token", identity=identity)
        assert response.status_code == 200
    held = sign(cast, key)
    cast.organization.signing_keys.exclude(pk=new.pk).delete()
    assert refusal(exchange(client, cast, held)) == (401, "authentication")
    identity = person(cast, key)
    response = post(client, cast, grant_type="identity_token", identity=identity)
    assert refusal(response) == (401, "authentication")
    assert exchange(client, cast, sign(cast, new.secret)).status_code == 200


def encode(part: Any) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def without_algorithm(cast: Cast, key: str, name: str = "none") -> str:
    return f"{encode({'alg': name, 'typ': 'JWT'})}.{encode(claims(cast))}."


def by_another_algorithm(cast: Cast, key: str) -> str:
    signed = f"{encode({'alg': 'HS384', 'typ': 'JWT'})}.{encode(claims(cast))}"
    return f"{signed}.{encode(hmac.digest(key.encode(), signed.encode(), sha384))}"


def of_other_claims(cast: Cast, key: str) -> str:
    head, _, signature = sign(cast, key).split(".")
    return f"{head}.{encode(claims(cast, sub='user-1'))}.{signature}"


def by_public_key(cast: Cast, key: str) -> str:
    """Key confusion: what is no secret is taken for one."""
    public = str(cast.organization.organization_id)
    return jwt.encode(claims(cast), public.ljust(32, "0"), "HS256")


def with_own_key(cast: Cast, key: str) -> str:
    """The header brings the key that it is to be checked with."""
    mine = "m" * 32
    jwk = {"kty": "oct", "k": encode(mine.encode())}
    return jwt.encode(claims(cast), mine, "HS256", headers={"jwk": jwk, "kid": "../../dev/null"})


FORGED: dict[str, Callable[[Cast, str], str]] = {
    "another key": lambda cast, key: sign(cast, "k" * 43),
    "the key of another organization": lambda cast, key: sign(cast, Cast().key().secret),
    "no algorithm": without_algorithm,
    "NONE": lambda cast, key: without_algorithm(cast, key, "NONE"),
    "another algorithm": lambda cast, key: jwt.encode(claims(cast), key * 2, "HS512"),
    "the same key, another algorithm": by_another_algorithm,
    "other claims": of_other_claims,
    "an id for a key": by_public_key,
    "a key of its own": with_own_key,
    "no signature": lambda cast, key: sign(cast, key).rpartition(".")[0] + ".",
    "cut off": lambda cast, key: sign(cast, key)[:-2],
    "for another organization": lambda cast, key: sign(cast, key, aud="other"),
    "for nobody": lambda cast, key: sign(cast, key, aud=None),
    "of nobody": lambda cast, key: sign(cast, key, sub=None),
    "of a number": lambda cast, key: sign(cast, key, sub=7),
    "without an end": lambda cast, key: sign(cast, key, exp=None),
    "without a beginning": lambda cast, key: sign(cast, key, iat=None),
    "expired": lambda cast, key: sign(cast, key, exp=int(time.time()) - 61),
    "from the future": lambda cast, key: sign(cast, key, iat=int(time.time()) + 90),
    "not before": lambda cast, key: sign(cast, key, nbf=int(time.time()) + 90),
    "old, whatever its end": lambda cast, key: sign(cast, key, iat=int(time.time()) - 86_500),
    "an endless beginning": lambda cast, key: sign(cast, key, iat=float("inf")),
    "a name that is none": lambda cast, key: sign(cast, key, name={"a": 1}),
    "a NUL": lambda cast, key: sign(cast, key, name="\0"),
    "nonsense": lambda cast, key: "nonsense",
    "dots": lambda cast, key: "..",
    "deep": lambda cast, key: f"{encode(b'[' * 10_000)}.{encode({})}.x",
    "an access token": lambda cast, key: tokens.mint(cast.customer()),
}


@pytest.mark.parametrize("kind", FORGED)
def test_it_refuses(client: Client, cast: Cast, key: str, kind: str) -> None:
    response = exchange(client, cast, FORGED[kind](cast, key))
    assert refusal(response) == (401, "authentication")
    assert not Customer.objects.exclude(external_id="").exists()


def test_an_empty_id_is_nobodys(client: Client, cast: Cast, key: str) -> None:
    assert refusal(exchange(client, cast, sign(cast, key, sub=" "))) == (400, "validation")


@pytest.mark.parametrize("changes", [{"exp": -59}, {"iat": 59}])
def test_clocks_may_differ(client: Client, cast: Cast, key: str, changes: dict[str, int]) -> None:
    times = {name: int(time.time()) + seconds for name, seconds in changes.items()}
    assert exchange(client, cast, sign(cast, key, **times)).status_code == 200


def test_an_organization_without_keys_knows_nobody(client: Client, cast: Cast) -> None:
    response = exchange(client, cast, sign(cast, "x" * 43))
    assert refusal(response) == (401, "authentication")
    assert "add one in the admin" in response.json()["error"]["message"]
    # Not by an empty one either.
    response = exchange(client, cast, without_algorithm(cast, ""))
    assert refusal(response) == (401, "authentication")


def test_it_is_not_good_in_another_organization(client: Client, cast: Cast, key: str) -> None:
    other = Cast()
    other.organization.trusted_origins = [SHOP]
    other.organization.save()
    # Even where both have the same key, by whatever mistake.
    other.organization.signing_keys.create(secret=key)
    held = sign(cast, key)
    assert refusal(exchange(client, cast, held, organization=other.organization))[0] == 401
    identity = person(cast, key)
    options = {"grant_type": "identity_token", "identity": identity}
    assert refusal(post(client, cast, organization=other.organization, **options))[0] == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": "user-1"},
        {"name": "The boss"},
        {"email": "boss@example.org"},
        {"avatar": "https://evil.example/"},
        {"signature": ""},
        {"signature": "0" * 64},
        {"signature": "ä"},
    ],
)
def test_every_value_is_signed(
    client: Client, cast: Cast, key: str, changes: dict[str, str]
) -> None:
    identity = {**person(cast, key), **changes}
    response = post(client, cast, grant_type="identity_token", identity=identity)
    assert refusal(response) == (401, "authentication")


def test_no_value_passes_for_another(client: Client, cast: Cast, key: str) -> None:
    identity = person(cast, key, name="Vera\nvera@example.org")
    response = post(client, cast, grant_type="identity_token", identity=identity)
    assert refusal(response) == (400, "validation")


@pytest.mark.parametrize(("age", "status"), [(-59, 200), (86_459, 200), (-62, 401), (86_462, 401)])
def test_a_plain_signature_ends(
    client: Client, cast: Cast, key: str, age: int, status: int
) -> None:
    identity = person(cast, key, issued_at=int(time.time()) - age)
    response = post(client, cast, grant_type="identity_token", identity=identity)
    assert response.status_code == status


@override_settings(LIVECHAT={"IDENTITY_LIFETIME_SECONDS": 300})
def test_the_site_says_how_long_one_is_good(client: Client, cast: Cast, key: str) -> None:
    held = sign(cast, key, iat=int(time.time()) - 400)
    assert refusal(exchange(client, cast, held)) == (401, "authentication")


@pytest.mark.parametrize(
    "body",
    [
        {"grant_type": "identity_token"},
        {"grant_type": "identity_token", "identity_token": ""},
        {"grant_type": "identity_token", "identity_token": 7},
        {"grant_type": "identity_token", "identity": {"user_id": "x"}},
        {"grant_type": "password"},
    ],
)
def test_it_refuses_a_bad_body(client: Client, cast: Cast, body: dict[str, Any]) -> None:
    assert refusal(post(client, cast, **body)) == (400, "validation")


def test_an_untrusted_page_cannot_exchange_one(client: Client, cast: Cast, key: str) -> None:
    headers = {"Origin": "https://evil.example"}
    response = exchange(client, cast, sign(cast, key), headers=headers)
    assert refusal(response) == (403, "authorization")


def test_one_from_before_the_logout_is_refused(client: Client, cast: Cast, key: str) -> None:
    held = sign(cast, key)
    plain = person(cast, key)
    token = exchange(client, cast, held).json()["access_token"]
    server = {"Authorization": f"Bearer {key}"}
    response = post(client, cast, LOGOUT, customer={"user_id": "user-7"}, headers=server)
    assert response.status_code == 200
    with pytest.raises(Exception, match="access token"):
        tokens.read(token)
    assert refusal(exchange(client, cast, held)) == (401, "authentication")
    again = post(client, cast, grant_type="identity_token", identity=plain)
    assert refusal(again) == (401, "authentication")
