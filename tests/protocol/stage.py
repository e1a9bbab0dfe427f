"""The examples of actions, made fit for a server: what has to be there, by its real ids."""

import json
from typing import Any

from msgspec import convert

from livechat_widget.actions.customer import ACTIONS
from livechat_widget.domain import chats, customers, events, greetings
from livechat_widget.management.documents.tables import example
from livechat_widget.models import Customer, Event, Group
from livechat_widget.protocol.events import NewRichMessage
from livechat_widget.protocol.rich import Element
from livechat_widget.protocol.times import format_time
from tests.cast import Cast

CONTENT = ("template_id", "elements")
# What is deleted has to be there; the example that writes it is done before.
BEFORE = {
    name: name.replace("delete_", "update_")
    for name in ACTIONS
    if name.startswith("delete_") and name.endswith("_properties")
}


def set_the_stage(action: str, cast: Cast, customer: Customer) -> dict[str, str]:
    """What stands in the examples, and what it is here."""
    if action == "start_chat":
        return {}
    if "greeting" in action:
        offer = example("events", "rich_message")
        pressable = {"text": "", "rich_message": {key: offer[key] for key in CONTENT}}
        template = cast.greeting(**pressable if "button" in action else {})
        shown = greetings.send(str(customer.pk), cast.ann, template.pk)
        example_of = example("pushes", "incoming_greeting")["payload"]
        return {
            str(example_of["id"]): str(shown.template_id),
            example_of["unique_id"]: shown.pk,
        }
    if action == "request_welcome_message":
        Group.objects.filter(pk=cast.general.pk).update(welcome_message="Welcome!")
    if action.endswith("activate_customer_page"):
        customers.open_page(customer, "https://shop.example/cups")
    chat = cast.chat(customer)
    unseen = cast.reply(chat, "Hello")
    if action == "resume_chat":
        chats.deactivate(chat.pk, customer)
    own = Event.objects.get(chat=chat, author=customer.author_id)
    if action == "send_rich_message_postback":
        shown = example("events", "rich_message")
        offer = NewRichMessage(
            template_id=shown["template_id"], elements=convert(shown["elements"], list[Element])
        )
        own = events.send(chat.pk, cast.ann, offer).event
    shown = example("pushes", "incoming_event")["payload"]
    return {
        shown["chat_id"]: chat.pk,
        shown["thread_id"]: own.thread_id,
        shown["event"]["id"]: str(own.pk),
        shown["event"]["created_at"]: format_time(unseen.created_at),
    }


def fill(action: str, real: dict[str, str]) -> Any:
    text = json.dumps(example("actions", action)["payload"])
    for shown, one in real.items():
        text = text.replace(shown, one)
    return json.loads(text)
