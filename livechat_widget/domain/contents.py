"""What is kept of an event that is sent, by its type, and what its sender may not put there."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, Struct

from ..conf import settings
from ..errors import NotAllowed, ValidationFailed
from ..models import Agent, Customer
from ..protocol import rich
from ..protocol.events import (
    AnyNew,
    KeptFile,
    NewCustom,
    NewFile,
    NewFilledForm,
    NewForm,
    NewMessage,
    NewRichMessage,
    NewSystemMessage,
    Postback,
)
from ..protocol.forms import check
from . import files, forms

Content = dict[str, Any]

# Of what is no plain text: bytes of it as JSON, names and values in it, and how deep.
MOST_BYTES = 32 * 1024
MOST_MEMBERS = 1000
DEEPEST = 32
# Beyond this a number is not the same in every client, nor in the database.
_LARGEST = 2**53
_PHONE = re.compile(r"\+?[0-9(][0-9()./ -]{1,38}[0-9]")
_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}]")


def read(new: AnyNew, author: Customer | Agent) -> Content:
    """What the row will hold. Raises ``ValidationFailed`` with the path, or ``NotAllowed``."""
    return _READERS[type(new)](new, author)


def is_same(kept: Content, content: Content) -> bool:
    """Whether an event that is there is the one that is sent again; who pressed its buttons since
    does not matter."""
    return _as_sent(kept) == _as_sent(content)


def _message(new: NewMessage, author: Customer | Agent) -> Content:
    _check_text(new.text)
    if new.postback is UNSET:
        return {"text": new.text}
    return {"text": new.text, "postback": _postback(new.postback)}


def _check_text(text: str) -> None:
    if not text.strip():
        raise ValidationFailed("event.text: write something; the text is blank.")
    if len(text.encode()) > settings.MAX_TEXT_BYTES:
        raise ValidationFailed(
            f"event.text: at most {settings.MAX_TEXT_BYTES} bytes; send it in parts."
        )


def _postback(postback: Postback) -> Content:
    if (postback.type is UNSET) != (postback.value is UNSET):
        raise ValidationFailed("event.postback: type and value go together; give both or neither.")
    return _plain(postback)


def _system_message(new: NewSystemMessage, author: Customer | Agent) -> Content:
    _check_text(new.text)
    return {"text": new.text, "system_message_type": new.system_message_type}


def _custom(new: NewCustom, author: Customer | Agent) -> Content:
    if new.content is UNSET:
        return {}
    _check_bounds(new.content)
    return {"content": new.content}


def _file(new: NewFile, author: Customer | Agent) -> Content:
    """Its id, instead of an address that expires; what else is known of it is known to us."""
    file = files.find_own(new.url, author)
    content: Content = {
        "file_id": file.pk.hex,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
    }
    if file.width and file.height:
        content |= {"width": file.width, "height": file.height}
    if new.alternative_text:
        content["alternative_text"] = new.alternative_text
    return content


def _filled_form(new: NewFilledForm, author: Customer | Agent) -> Content:
    """The answers under the form's own labels: nobody is to sign what was not asked."""
    _check_size(_plain(new), "event.fields")
    found = forms.find_by_id(author.organization_id, new.form_id)
    if found is None:
        raise ValidationFailed("event.form_id: there is no such form; ask for it by get_form.")
    kind, form = found
    try:
        checked = check(form, new.fields)
    except ValidationFailed as error:
        raise ValidationFailed(f"event.{error.message}") from error
    fields = [_plain(field) for field in checked]
    return {"form_id": form.id, "form_type": kind, "fields": fields}


def _kept_file(new: KeptFile, author: Customer | Agent) -> Content:
    content = _read_own(new, author)
    for name in ("url", "thumbnail_url", "thumbnail2x_url"):
        if name in content:
            _check_web(content[name], f"event.{name}")
    return content


def _form(new: NewForm, author: Customer | Agent) -> Content:
    return _read_own(new, author)


def _rich_message(new: NewRichMessage, author: Customer | Agent) -> Content:
    content = _read_own(new, author)
    for place, element in enumerate(new.elements):
        where = f"event.elements[{place}]"
        if not (element.title or element.subtitle or element.image or element.buttons):
            raise ValidationFailed(f"{where}: give a title, subtitle, image or buttons.")
        if element.image:
            _check_web(element.image.url, f"{where}.image.url")
        for number, button in enumerate(element.buttons or ()):
            _check_button(button, f"{where}.buttons[{number}]")
    for kept in buttons(content):
        kept["user_ids"] = []
    return content


def buttons(content: Content) -> Iterator[dict[str, Any]]:
    """Every button of a rich message, as it is kept."""
    for element in content["elements"]:
        yield from element.get("buttons", ())


def _check_button(button: rich.Button, where: str) -> None:
    if (button.type in rich.VALUED) != (button.value is not UNSET):
        types = ", ".join(sorted(rich.VALUED))
        raise ValidationFailed(f"{where}.value: for the types {types}, and only for these.")
    if button.target is not UNSET and button.type != "url":
        raise ValidationFailed(f"{where}.target: only for the type url.")
    if button.webview_height is not UNSET and button.type != "webview":
        raise ValidationFailed(f"{where}.webview_height: only for the type webview.")
    if button.type in ("url", "webview"):
        _check_web(str(button.value), f"{where}.value")
    if button.type == "phone" and not _PHONE.fullmatch(str(button.value)):
        raise ValidationFailed(f"{where}.value: no phone number, such as +49 30 1234567.")


def _check_web(address: str, where: str) -> None:
    """Of any other scheme, or with a user name in it, an address is not what it looks like."""
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound or "@" in parts.netloc or _NO_ADDRESS.search(address):
        raise ValidationFailed(f"{where}: an address that begins with https:// or http://.")


def _read_own(new: AnyNew, author: Customer | Agent) -> Content:
    """Made by code, which nobody has checked yet; customers send none of these."""
    if isinstance(author, Customer):
        raise NotAllowed("event.type: this is for agents and the site itself.")
    content = _plain(new)
    try:
        msgspec.convert(content, type(new))
    except msgspec.ValidationError as error:
        raise ValidationFailed(f"event: {error}") from error
    for name in ("type", "custom_id", "properties", "recipients"):
        content.pop(name, None)
    _check_size(content, "event")
    return content


def _plain(struct: Struct) -> Content:
    plain: Content = msgspec.to_builtins(struct)
    return plain


def _check_size(content: Any, where: str) -> None:
    try:
        size = len(msgspec.json.encode(content))
    except (OverflowError, UnicodeEncodeError, RecursionError, TypeError) as error:
        raise ValidationFailed(f"{where}: no JSON that can be kept.") from error
    if size > MOST_BYTES:
        raise ValidationFailed(f"{where}: at most {MOST_BYTES} bytes as JSON.")


def _check_bounds(content: Any) -> None:
    """What no schema bounds, and what neither clients nor the database should get."""
    _check_size(content, "event.content")
    for place, (depth, value) in enumerate(_walk(content)):
        if depth > DEEPEST:
            raise ValidationFailed(f"event.content: at most {DEEPEST} levels deep.")
        if place >= MOST_MEMBERS:
            raise ValidationFailed(f"event.content: at most {MOST_MEMBERS} names and values.")
        if isinstance(value, str) and "\x00" in value:
            raise ValidationFailed("event.content: no NUL, which cannot be kept.")
        if isinstance(value, int | float) and abs(value) > _LARGEST:
            raise ValidationFailed("event.content: numbers up to 2**53.")


def _walk(content: Any) -> Iterator[tuple[int, Any]]:
    """Every value, and every name of a member, with its depth; without recursion."""
    waiting = [(1, content)]
    while waiting:
        depth, value = waiting.pop()
        yield depth, value
        if isinstance(value, dict):
            waiting += [(depth + 1, inner) for pair in value.items() for inner in pair]
        elif isinstance(value, list):
            waiting += [(depth + 1, inner) for inner in value]


def _as_sent(content: Content) -> str:
    """As text, for 1 is no ``true``, but as both databases give it back, for 1.0 is 1."""
    plain: Content = json.loads(json.dumps(content), parse_int=float)
    if "elements" in plain:
        for button in buttons(plain):
            button["user_ids"] = []
    return json.dumps(plain, sort_keys=True)


_READERS: dict[type[AnyNew], Callable[[Any, Customer | Agent], Content]] = {
    NewMessage: _message,
    NewFile: _file,
    NewFilledForm: _filled_form,
    NewSystemMessage: _system_message,
    NewCustom: _custom,
    KeptFile: _kept_file,
    NewForm: _form,
    NewRichMessage: _rich_message,
}
