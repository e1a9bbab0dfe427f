"""What versions from 3.6 on have besides, over sockets: who is told, and what is kept."""

from msgspec import convert

from livechat_widget.domain import chats, events, greetings
from livechat_widget.management.documents.tables import example
from livechat_widget.models import Customer, Event, Greeting, Group
from livechat_widget.protocol.events import NewRichMessage
from tests.cast import Cast
from tests.clients import Frame
from tests.servers import Server
from tests.sockets.conftest import Connect
from tests.sockets.desk import console_client, seq_of
from tests.sockets.messages import message

CARDS = {key: example("events", "rich_message")[key] for key in ("template_id", "elements")}


def place_of(row: Event) -> Frame:
    return {"chat_id": row.chat_id, "thread_id": row.thread_id, "event_id": str(row.pk)}


def test_who_holds_a_deleted_event_is_told(
    connect: Connect, live_cast: Cast, server: Server
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera, tab = connect(customer), connect(customer, login={"fragments": "en"})
    older, stranger = connect(customer, version="3.5"), connect(live_cast.customer())
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        cursor = vera.login["sync"]
        sent = vera.ask_ok("send_event", {"chat_id": chat.pk, "event": message("Oops")})
        row = Event.objects.get(pk=sent["event_id"])
        assert vera.ask_ok("delete_event", place_of(row)) == {}
        for client in (vera, tab, console):
            push = client.push("event_deleted")
            assert push["payload"] == place_of(row)
            if client is not vera:
                gone = f'<div id="lc-{customer.pk}-{row.pk}" hx-swap-oob="delete"></div>'
                assert gone in push["html"]
    later = connect(customer, login={"cursor": cursor})
    first, second = later.push("event_deleted"), later.push("event_deleted")
    assert (first["seq"], second["seq"]) == (cursor["seq"] + 1, cursor["seq"] + 2)
    assert "Oops" not in str(later.frames)
    assert "event_deleted" not in older.pushes()
    assert "Oops" not in str(older.ask_ok("get_chat", {"chat_id": chat.pk}))
    assert stranger.pushes() == []


def test_a_group_says_welcome(connect: Connect, live_cast: Cast) -> None:
    orders = live_cast.group(1)
    live_cast.ann.groups.add(orders)
    customer = live_cast.customer()
    vera, tab = connect(customer, login={"group_id": 1}), connect(customer, version="3.5")
    assert vera.ask_ok("request_welcome_message")["predicted_agent"]["name"] == "Ann"
    assert vera.pushes() == []  # nobody has written one yet
    Group.objects.filter(pk=live_cast.general.pk).update(welcome_message="Hello!")
    vera.ask_ok("request_welcome_message", {"id": "w1"})
    push = vera.push("incoming_welcome_message")["payload"]
    assert (push["id"], push["event"]["text"]) == ("w1", "Hello!")
    assert push["event"]["author_id"] == live_cast.ann.public_id
    Group.objects.filter(pk=orders.pk).update(welcome_message="Your order?")
    drawn = vera.ask_ok("request_welcome_message")["id"]
    push = vera.push("incoming_welcome_message")["payload"]
    assert (push["id"], push["event"]["text"]) == (drawn, "Your order?")
    assert tab.pushes() == []


def test_a_button_of_a_greeting_is_pressed(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    template = live_cast.greeting(text="", rich_message=CARDS)
    shown = greetings.send(str(customer.pk), live_cast.ann, template.pk)
    vera = connect(customer)
    press = {"greeting_unique_id": shown.pk, "button_id": "more"}
    for _ in range(2):
        assert vera.ask_ok("send_greeting_button_clicked", press) == {}
    assert Greeting.objects.get(pk=shown.pk).pressed == ["more"]
    (element,) = connect(customer).login["greeting"]["event"]["elements"]
    holders = {button["postback_id"]: button["user_ids"] for button in element["buttons"]}
    assert (holders.pop("more"), any(holders.values())) == ([str(customer.pk)], False)
    error = vera.error("send_greeting_button_clicked", {**press, "button_id": "none"})
    assert error["type"] == "not_found"
    greetings.cancel(customer, shown.pk)
    error = vera.error("send_greeting_button_clicked", press)
    assert error["type"] == "greeting_not_found"


def test_a_greeting_without_buttons_has_none(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    shown = greetings.send(str(customer.pk), live_cast.ann, live_cast.greeting().pk)
    press = {"greeting_unique_id": shown.pk, "button_id": "more"}
    assert connect(customer).error("send_greeting_button_clicked", press)["type"] == "not_found"


def test_agents_learn_which_page_is_in_front(
    connect: Connect, live_cast: Cast, server: Server
) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    vera, old = connect(customer), connect(customer, version="3.3")
    with console_client(server, live_cast.ann, known={chat.pk: seq_of(chat)}) as console:
        vera.ask_ok("activate_customer_page")  # of which nothing is known yet
        vera.ask_ok("update_customer_page", {"url": "https://shop.example/cups"})
        assert "active" not in console.push("customer_page_updated")["payload"]
        assert old.push("customer_page_updated")
        for action, active in (("activate", True), ("activate", True), ("deactivate", False)):
            vera.ask_ok(f"{action}_customer_page")
            assert Customer.objects.get(pk=customer.pk).page["active"] is active
        told = [console.push("customer_page_updated")["payload"]["active"] for _ in range(2)]
        assert told == [True, False]
        assert "active" not in old.push("customer_page_updated")["payload"]


def test_what_a_button_sells_goes_along(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    chats.join(chat.pk, live_cast.ann)
    row = events.send(
        chat.pk, live_cast.ann, convert({"type": "rich_message", **CARDS}, NewRichMessage)
    ).event
    vera, older = connect(customer), connect(customer, version="3.5")
    bought = {"product_id": "teapot", "quantity": 2}
    lied = {"id": "more", "toggled": True, "button_value": "free", "ecommerce": bought}
    vera.sends_anything = True
    vera.ask_ok("send_rich_message_postback", {**place_of(row), "postback": lied})
    value = CARDS["elements"][0]["buttons"][0]["value"]
    assert vera.push("incoming_rich_message_postback")["payload"]["postback"] == {
        "id": "more",
        "toggled": True,
        "button_type": "message",
        "button_value": value,
        "ecommerce": bought,
    }
    pressed = older.push("incoming_rich_message_postback")["payload"]["postback"]
    assert pressed == {"id": "more", "toggled": True}
    answered = {"id": "more", "thread_id": row.thread_id, "event_id": str(row.pk)}
    event = {**message("Two"), "postback": {**answered, "ecommerce": bought}}
    vera.ask_ok("send_event", {"chat_id": chat.pk, "event": event})
    assert vera.push("incoming_event")["payload"]["event"]["postback"]["ecommerce"] == bought
    assert older.push("incoming_event")["payload"]["event"]["postback"] == answered


def test_a_customer_has_an_address_and_other_names(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    address = {"address": "Teapot Lane 1", "city": "Oslo", "postal_code": "0150"}
    vera = connect(customer, login={"customer": {"address": address}})
    assert vera.login["customer"]["address"] == address
    more = {"phone_number": "+4722334455", "omnichannel": {"fbmessenger": {"id": "7"}}}
    vera.ask_ok("update_customer", more)
    assert more.items() <= vera.ask_ok("get_customer").items()
    told = vera.push("customer_updated")["payload"]
    assert {name: told[name] for name in more} == more
    assert Customer.objects.get(pk=customer.pk).postal_address == address
    for wrong in ("22334455", "+0", "+47\n", "tel:+47"):
        assert vera.error("update_customer", {"phone_number": wrong})["type"] == "validation"
    older = connect(customer, version="3.5")
    assert not {"address", *more} & older.login["customer"].keys()
    assert older.error("update_customer", more)["type"] == "validation"  # it gives nothing
