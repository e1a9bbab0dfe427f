"""Events that change after they were sent: edited by their author, or pressed by a customer."""

from typing import Any

from ..delivery import log
from ..delivery.database import atomic
from ..errors import ChatInactive, NotAllowed, NotFound, ValidationFailed
from ..models import Customer, Event, StreamEntry, Thread
from ..protocol.events import TAGS, AnyNew, NewMessage, Postback
from . import contents, files
from .batch import Author
from .contents import Content
from .events import find, lock_chat, send


@atomic
def edit(chat_id: str, thread_id: str, event_id: str, author: Author, new: AnyNew) -> Event:
    """Put the content of ``new`` into an event of the author's; the rest stays as it was.

    What it says already is neither written nor pushed. Raises ``NotFound``, ``NotAllowed`` for
    the event of somebody else, ``ValidationFailed``.
    """
    stream = lock_chat(chat_id, author)
    row = find(chat_id, thread_id, event_id, author)
    if row.author != author.author_id:
        raise NotAllowed("Only who sent an event edits it.")
    if row.type != TAGS[type(new)]:
        raise ValidationFailed(f"event.type: it is a {row.type}, and stays one.")
    content = contents.read(new, author)
    if contents.is_same(row.content, content):
        return row
    _keep_pressed(row.content, content)
    if "file_id" in content:
        files.attach(content["file_id"], chat_id)
    row.content = content
    row.save(update_fields=["content"])
    public = row.visibility == Event.Visibility.ALL
    log.append(stream, log.NewEntry("event_updated", event=row, public=public))
    return row


@atomic
def delete(chat_id: str, thread_id: str, event_id: str, author: Author) -> None:
    """Take back an event of the author's: it is in no chat any more, only in the admin.

    The log forgets what it said as well, so nobody who comes later gets it. Raises ``NotFound``,
    also the second time, and ``NotAllowed`` for the event of somebody else.
    """
    stream = lock_chat(chat_id, author)
    row = find(chat_id, thread_id, event_id, author)
    if row.author != author.author_id:
        raise NotAllowed("Only who sent an event deletes it.")
    public = row.visibility == Event.Visibility.ALL
    row.visibility = Event.Visibility.NOBODY
    row.save(update_fields=["visibility"])
    payload = {
        "chat_id": chat_id,
        "thread_id": thread_id,
        "event_id": event_id,
        "author": row.author,
    }
    said = StreamEntry.objects.filter(stream=stream, event=row)
    said.update(action="event_deleted", event=None, payload=payload)
    log.append(stream, log.NewEntry("event_deleted", payload, public=public))


@atomic
def press(
    chat_id: str,
    thread_id: str,
    event_id: str,
    customer: Customer,
    button_id: str,
    *,
    toggled: bool,
    ecommerce: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Toggle the customer's id in a button of a rich message; gives the button.

    A second call changes nothing. Raises ``NotFound`` also for a button that the event has not,
    and ``ChatInactive`` once the thread has ended.
    """
    stream = lock_chat(chat_id, customer)
    row = find(chat_id, thread_id, event_id, customer)
    found = _buttons(row.content, button_id)
    if not found:
        raise NotFound("postback.id: this event has no such button.")
    if not Thread.objects.filter(pk=row.thread_id, active=True).exists():
        raise ChatInactive
    user = customer.author_id
    if all((user in button["user_ids"]) == toggled for button in found):
        return found[0]
    for button in found:
        others = [one for one in button["user_ids"] if one != user]
        button["user_ids"] = [*others, user] if toggled else others
    row.save(update_fields=["content"])
    postback = {"id": button_id, "toggled": toggled, "ecommerce": ecommerce}
    # What the button is, it says itself; a client might say something else.
    postback |= {f"button_{name}": found[0].get(name) for name in ("type", "value")}
    given = {name: one for name, one in postback.items() if one is not None}
    payload = {"user_id": user, "postback": given}
    log.append(stream, log.NewEntry("incoming_rich_message_postback", payload, event=row))
    return found[0]


def choose(
    chat_id: str,
    thread_id: str,
    event_id: str,
    customer: Customer,
    button_id: str,
    *,
    toggled: bool,
    custom_id: str,
) -> None:
    """``press``, and say what the button stands for where it is one that answers."""
    button = press(chat_id, thread_id, event_id, customer, button_id, toggled=toggled)
    if not toggled or button.get("type") != "message":
        return
    answered = Postback(
        id=button_id,
        thread_id=thread_id,
        event_id=event_id,
        type="message",
        value=button["value"],
    )
    new = NewMessage(text=button["value"], custom_id=custom_id, postback=answered)
    send(chat_id, customer, new)


def _buttons(content: Content, button_id: str) -> list[dict[str, Any]]:
    """Those of this id: a card may repeat the button of another."""
    if "elements" not in content:
        return []
    return [one for one in contents.buttons(content) if one["postback_id"] == button_id]


def _keep_pressed(before: Content, content: Content) -> None:
    """Buttons that are still there stay as they were pressed."""
    if "elements" not in content:
        return
    pressed = {one["postback_id"]: one["user_ids"] for one in contents.buttons(before)}
    for button in contents.buttons(content):
        button["user_ids"] = pressed.get(button["postback_id"], [])
