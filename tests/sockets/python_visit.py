"""A visit by the official Python client: each of its methods once, with its result and effect."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from msgspec import convert

from livechat_widget.domain import chats, events, greetings, organizations
from livechat_widget.management.documents.tables import example
from livechat_widget.models import Chat, ChatUser, Customer, Event, Greeting, Group
from livechat_widget.protocol.events import NewRichMessage
from livechat_widget.protocol.rich import Element
from livechat_widget.protocol.times import format_time
from tests.cast import Cast

# A method that nothing on the server answers yet, and why; whoever builds that takes it out of here
# and adds an act below.
MISSING = {
    "request_email_verification": "addresses are not verified by mail yet",
}
CARDS = example("events", "rich_message")


class Visit:
    """``client`` speaks over a socket or over HTTP: its methods are the same, its answers not."""

    def __init__(self, client: Any, version: str, cast: Cast, customer: Customer) -> None:
        self.client, self.version, self.cast, self.customer = client, version, cast, customer
        self.done: set[str] = set()

    def has(self, method: str) -> bool:
        return method in vars(type(self.client))

    def ask(self, method: str, **arguments: Any) -> Any:
        self.done.add(method)
        answer = getattr(self.client, method)(**arguments)
        if hasattr(answer, "status_code"):
            assert answer.status_code == 200, f"{method}: {answer.text}"
            return answer.json()
        assert answer is not None, f"{method} was not answered in time"
        assert answer.success, f"{method}: {answer.payload}"
        return answer.payload

    @property
    def chat(self) -> Chat:
        return Chat.objects.select_related("last_thread").get(customer=self.customer)

    @property
    def row(self) -> Customer:
        return Customer.objects.get(pk=self.customer.pk)

    def last_event(self) -> Event:
        return Event.objects.filter(chat=self.chat).order_by("created_at").last()


def say(text: str) -> dict[str, str]:
    return {"type": "message", "text": text}


def be_known(visit: Visit) -> None:
    assert visit.ask("update_customer", name="Vera", email="vera@example.org") == {}
    assert (visit.row.name, visit.row.email) == ("Vera", "vera@example.org")
    assert visit.ask("set_customer_session_fields", session_fields=[{"plan": "pro"}]) == {}
    answer = visit.ask("get_customer")
    assert (answer["name"], answer["session_fields"]) == ("Vera", [{"plan": "pro"}])
    if visit.version >= "3.6":
        visit.ask("update_customer", phone_number="+4930123456", name_is_default=False)
        assert visit.ask("get_customer")["phone_number"] == "+4930123456"


def look_around(visit: Visit) -> None:
    assert visit.ask("list_group_statuses", all=True) == {"groups_status": {"0": "online"}}
    form = visit.cast.form("prechat", {"type": "name", "label": "Your name"})
    assert visit.ask("get_form", group_id=0, type="prechat")["form"]["id"] == str(form.pk)
    asked = example("actions", "get_url_info")
    assert visit.ask("get_url_info", **asked["payload"])["title"] == asked["answer"]["title"]
    if visit.has("get_predicted_agent"):
        assert visit.ask("get_predicted_agent")["agent"]["id"] == visit.cast.ann.public_id
    if visit.has("request_welcome_message"):
        Group.objects.filter(pk=visit.cast.general.pk).update(welcome_message="Welcome!")
        answer = visit.ask("request_welcome_message")
        assert answer["predicted_agent"]["id"] == visit.cast.ann.public_id


def start(visit: Visit) -> None:
    answer = visit.ask("start_chat", chat={"thread": {"events": [say("Hello")]}}, active=True)
    assert (answer["chat_id"], answer["thread_id"]) == (visit.chat.pk, visit.chat.last_thread_id)
    assert Event.objects.get(pk=answer["event_ids"][0]).content == {"text": "Hello"}
    answer = visit.ask("send_event", chat_id=visit.chat.pk, event=say("Bye"))
    assert Event.objects.get(pk=answer["event_id"]).content == {"text": "Bye"}
    assert visit.ask("send_sneak_peek", chat_id=visit.chat.pk, sneak_peek_text="We") == {}


def take_back(visit: Visit) -> None:
    if visit.has("delete_event"):
        chat = visit.chat
        said = visit.ask("send_event", chat_id=chat.pk, event=say("Oops"))["event_id"]
        place = {"chat_id": chat.pk, "thread_id": chat.last_thread_id, "event_id": said}
        assert visit.ask("delete_event", **place) == {}
        assert Event.objects.get(pk=said).visibility == "nobody"


def read(visit: Visit) -> None:
    chat = visit.chat
    shown = visit.ask("get_chat", chat_id=chat.pk)
    assert [event["text"] for event in shown["thread"]["events"]] == ["Hello", "Bye"]
    threads = visit.ask("list_threads", chat_id=chat.pk, sort_order="desc", limit=3)
    assert [thread["id"] for thread in threads["threads"]] == [chat.last_thread_id]
    listed = visit.ask("list_chats", limit=10)
    key = "chats_info" if visit.version == "3.7" else "chats_summary"
    assert listed.keys() == {key, "total_chats"}
    (one,) = listed[key]
    last = one["last_thread_info"]["id"] if visit.version == "3.7" else one["last_thread_id"]
    assert (one["id"], last) == (chat.pk, chat.last_thread_id)
    reply = visit.cast.reply(chat, "May I help?")
    seen_up_to = format_time(reply.created_at)
    assert visit.ask("mark_events_as_seen", chat_id=chat.pk, seen_up_to=seen_up_to) == {}
    assert ChatUser.objects.get(chat=chat, agent=None).seen_up_to == reply.created_at


def press(visit: Visit) -> None:
    chat = visit.chat
    elements = convert(CARDS["elements"], list[Element])
    offer = NewRichMessage(template_id=CARDS["template_id"], elements=elements)
    event = events.send(chat.pk, visit.cast.ann, offer).event
    place = {"chat_id": chat.pk, "thread_id": event.thread_id, "event_id": str(event.pk)}
    postback = {"id": "more", "toggled": True}
    assert visit.ask("send_rich_message_postback", postback=postback, **place) == {}
    assert str(visit.customer.pk) in str(visit.last_event().content)


def write_properties(visit: Visit) -> None:
    chat = visit.chat
    own = Event.objects.filter(chat=chat, author=visit.customer.author_id).first()
    places: dict[str, tuple[Any, dict[str, str]]] = {
        "chat": (chat, {"id": chat.pk}),
        "thread": (chat.last_thread, {"chat_id": chat.pk, "thread_id": chat.last_thread_id}),
        "event": (
            own,
            {"chat_id": chat.pk, "thread_id": own.thread_id, "event_id": str(own.pk)},
        ),
    }
    for level, (row, place) in places.items():
        written = {"test": {"string_property": level}}
        assert visit.ask(f"update_{level}_properties", properties=written, **place) == {}
        row.refresh_from_db()
        assert row.properties["test"] == {"string_property": level}
        names = {"test": ["string_property"]}
        assert visit.ask(f"delete_{level}_properties", properties=names, **place) == {}
        row.refresh_from_db()
        assert "string_property" not in row.properties.get("test", {})


def end_and_resume(visit: Visit) -> None:
    chat = visit.chat
    assert visit.ask("deactivate_chat", id=chat.pk) == {}
    assert not visit.chat.last_thread.active
    answer = visit.ask("resume_chat", chat={"id": chat.pk}, continuous=True)
    assert visit.chat.last_thread_id == answer["thread_id"] != chat.last_thread_id
    assert visit.chat.last_thread.active


def be_greeted(visit: Visit) -> None:
    chats.deactivate(visit.chat.pk, visit.customer)
    for verb, given in (("accept", {"greeting_id"}), ("cancel", set())):
        shown = greetings.send(str(visit.customer.pk), visit.cast.ann, visit.cast.greeting().pk)
        ids = {"greeting_id": shown.template_id} if given else {}
        assert visit.ask(f"{verb}_greeting", unique_id=shown.pk, **ids) == {}
        kept = Greeting.objects.get(pk=shown.pk)
        assert (kept.accepted, kept.canceled) == (verb == "accept", verb == "cancel")


def turn_pages(visit: Visit) -> None:
    if visit.has("update_customer_page"):
        url = "https://shop.example/cups"
        assert visit.ask("update_customer_page", url=url, title="Cups") == {}
        assert (visit.row.page["url"], visit.row.page["title"]) == (url, "Cups")
    for method, active in (("activate_customer_page", True), ("deactivate_customer_page", False)):
        if visit.has(method):
            assert visit.ask(method) == {}
            assert visit.row.page["active"] is active


def send_a_file(visit: Visit) -> None:
    if visit.has("upload_file"):
        url = visit.ask("upload_file", file={"file": ("a.txt", BytesIO(b"Hello"), "text/plain")})
        visit.ask("send_event", chat_id=visit.chat.pk, event={"type": "file", **url})
        assert visit.last_event().content["name"] == "a.txt"


def ask_for_the_configuration(visit: Visit) -> None:
    if not visit.has("get_dynamic_configuration"):
        return
    visit.ask("check_goals", session_fields=[], group_id=0, page_url="https://shop.example/")
    now = visit.ask("get_dynamic_configuration", group_id=0, test=True)
    assert now["organization_id"] == str(visit.cast.organization.organization_id)
    now = now["livechat"] if visit.version >= "3.6" else now
    found = visit.ask("get_configuration", group_id=0, version=now["config_version"])
    assert found["prechat_form"]["fields"][0]["label"] == "Your name"
    words = {"group_id": 0, "language": "en", "version": now["localization_version"]}
    assert "Send" in visit.ask("get_localization", **words).values()
    written = organizations.check_properties({"test": {"string_property": "a"}})
    visit.cast.organization.properties = visit.cast.general.properties = written
    visit.cast.organization.save()
    visit.cast.general.save()
    assert visit.ask("list_license_properties", namespace="test") == written
    assert visit.ask("list_group_properties", group_id=0, name="string_property") == written


ACTS: list[Callable[[Visit], None]] = [
    *(be_known, look_around, start, take_back, read, press, write_properties, end_and_resume),
    send_a_file,
    *(be_greeted, turn_pages, ask_for_the_configuration),
]
