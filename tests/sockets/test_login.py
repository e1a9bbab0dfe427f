"""What published clients need of ``login``, and who is refused."""

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from livechat_widget.domain import chats, customers
from livechat_widget.models import Customer
from tests.cast import Cast
from tests.clients import Client
from tests.servers import Server, start_server
from tests.sockets.conftest import Connect


def socket_url(server: Server, query: str, version: str = "3.5") -> str:
    return f"{server.socket_url}/livechat/v{version}/customer/rtm/ws?{query}"


@pytest.mark.parametrize("version", ["3.3", "3.5"])
def test_it_works(connect: Connect, live_cast: Cast, version: str) -> None:
    customer = live_cast.customer(name="Vera", session_fields=[{"plan": "gold"}])
    login = connect(customer, version=version).login
    assert login["customer_id"] == login["customer"]["id"] == str(customer.pk)
    assert login["customer"]["name"] == "Vera"
    assert login["customer"]["session_fields"] == [{"plan": "gold"}]
    assert login["has_active_thread"] is False
    assert login["chats"] == []
    assert login["sync"]["seq"] == 1  # the name


def test_it_has_the_parts_without_which_published_clients_hang(
    connect: Connect, live_cast: Cast
) -> None:
    login = connect(live_cast.customer()).login
    config = login["__priv_dynamic_config"]
    assert config["customer_groups"]["monitoring"]["id"] == 0
    assert config["online_groups_ids"] == [0]
    statistics = login["customer"]["statistics"]
    assert sorted(statistics) == [
        "chats_count",
        "greetings_accepted_count",
        "greetings_shown_count",
        "page_views_count",
        "threads_count",
        "visits_count",
    ]
    assert all(isinstance(value, int) for value in statistics.values())


def test_it_leaves_out_what_is_not_set(connect: Connect, live_cast: Cast) -> None:
    assert not {"name", "email", "avatar"} & connect(live_cast.customer()).login["customer"].keys()


def test_it_tells_of_an_active_chat_and_unread_events(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    live_cast.reply(chat, "Good day")
    login = connect(customer).login
    assert login["has_active_thread"] is True
    assert login["chats"] == [
        {"chat_id": chat.pk, "has_unread_events": True, "has_active_thread": True}
    ]


def test_it_says_nobody_is_online(connect: Connect, live_cast: Cast) -> None:
    live_cast.ann.accepting = False
    live_cast.ann.save()
    config = connect(live_cast.customer()).login["__priv_dynamic_config"]
    assert config["online_groups_ids"] == []


def test_it_takes_details_and_page(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    page = {"url": "https://shop.example/", "title": "Shop"}
    connect(customer, login={"customer": {"name": "Vera"}, "customer_page": page})
    customer = Customer.objects.get(pk=customer.pk)
    assert (customer.name, customer.visits_count) == ("Vera", 1)
    assert customer.page["url"] == "https://shop.example/"


def test_it_refuses_a_forged_token(server: Server, live_cast: Cast) -> None:
    query = f"organization_id={live_cast.organization.organization_id}"
    with Client(socket_url(server, query)) as client:
        assert client.error("login", {"token": "Bearer nonsense"})["type"] == "authentication"
        assert client.ask("ping")["success"]


def test_it_refuses_the_token_of_another_organization(server: Server, live_cast: Cast) -> None:
    stranger = Cast().customer()
    assert stranger.organization != live_cast.organization
    query = f"organization_id={live_cast.organization.organization_id}"
    with Client(socket_url(server, query)) as client:
        error = client.error("login", {"token": live_cast.token(stranger)})
        assert error["type"] == "authentication"


def test_it_refuses_a_token_whose_customer_is_gone(server: Server, live_cast: Cast) -> None:
    customer = customers.create(live_cast.organization)
    token = live_cast.token(customer)
    customer.delete()
    query = f"organization_id={live_cast.organization.organization_id}"
    with Client(socket_url(server, query)) as client:
        assert client.error("login", {"token": token})["type"] == "authentication"


def test_it_is_needed_before_anything_else(server: Server, live_cast: Cast) -> None:
    query = f"organization_id={live_cast.organization.organization_id}"
    with Client(socket_url(server, query)) as client:
        assert client.error("list_chats")["type"] == "authentication"


def test_it_happens_once(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    client = connect(customer)
    error = client.error("login", {"token": live_cast.token(customer)})
    assert error == {"type": "validation", "message": "This connection is logged in already."}


@pytest.mark.parametrize("query", ["license_id=1", "organization_id=nonsense", ""])
def test_it_disconnects_from_an_unknown_organization(server: Server, query: str) -> None:
    with Client(socket_url(server, query)) as client:
        push = client.push("customer_disconnected")
        assert push["payload"] == {"reason": "license_not_found"}
        with pytest.raises(ConnectionClosedError):
            client.receive()


@pytest.mark.parametrize(("version", "name"), [("3.3", "organization_id"), ("3.5", "license_id")])
def test_it_accepts_either_id_in_every_version(
    server: Server, live_cast: Cast, version: str, name: str
) -> None:
    query = f"{name}={getattr(live_cast.organization, name)}"
    with Client(socket_url(server, query, version)) as client:
        assert client.ask_ok("login", {"token": live_cast.token(live_cast.customer())})


def test_it_refuses_a_page_of_another_origin(server: Server, live_cast: Cast) -> None:
    query = f"organization_id={live_cast.organization.organization_id}"
    with pytest.raises(InvalidStatus) as refusal:
        Client(socket_url(server, query), origin="https://evil.example")
    assert refusal.value.response.status_code == 403


def test_it_accepts_a_trusted_origin(server: Server, live_cast: Cast) -> None:
    live_cast.organization.trusted_origins = ["https://shop.example"]
    live_cast.organization.save()
    query = f"organization_id={live_cast.organization.organization_id}"
    with Client(socket_url(server, query), origin="https://shop.example") as client:
        assert client.ask("ping")["success"]


def test_its_number_is_where_pushes_go_on(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    client = connect(customer)
    chats.join(chat.pk, live_cast.ann)
    assert client.push("user_added_to_chat")["seq"] == client.login["sync"]["seq"] + 1


def test_a_refused_handshake_says_what_to_add_where(live_cast: Cast) -> None:
    query = f"license_id={live_cast.organization.license_id}"
    with start_server("uvicorn") as server:
        url = socket_url(server, query)
        with pytest.raises(InvalidStatus) as refused:
            Client(url, origin="https://shop.example")
    response = refused.value.response
    assert response.status_code == 403
    assert b"The origin https://shop.example is not trusted. Add it to" in response.body
