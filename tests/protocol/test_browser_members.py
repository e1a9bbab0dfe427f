"""The methods and events of the browser API: our client has them, and a test shows each.

What a method asks of the server, and what it causes, is shown for every action by SCENES; the tests
here are those of what there is besides.
"""

import re
from pathlib import Path

import pytest

from livechat_widget.actions.customer import ACTIONS, UPLOADS
from livechat_widget.management.documents.tables import example
from livechat_widget.protocol.pushes import PUSHES
from livechat_widget.protocol.versions import PUSHED, VERSIONS, Span
from tests.sockets.test_browser_api import ACTS

ROOT = Path(__file__).parent.parent.parent
SDK = ROOT / "livechat_widget/static/livechat_widget/sdk"
SCENES = "tests/sockets/test_browser_api.py: test_an_action"
AGENTS = "tests/sockets/test_browser_api.py: test_an_agent_s_act"
CLIENT, API = "tests/js/client.test.js", "tests/js/api.test.js"

# A method, its action if it is one, and the test that shows it.
METHODS: dict[str, tuple[str, str]] = {
    "acceptGreeting": ("accept_greeting", SCENES),
    "cancelGreeting": ("cancel_greeting", SCENES),
    "cancelRate": ("", f"{API}: a rating is that of the last thread"),
    "connect": ("", f"{CLIENT}: it says who is connected"),
    "deactivateChat": ("deactivate_chat", SCENES),
    "deleteChatProperties": ("delete_chat_properties", SCENES),
    "deleteEventProperties": ("delete_event_properties", SCENES),
    "deleteThreadProperties": ("delete_thread_properties", SCENES),
    "destroy": ("", f"{CLIENT}: destroy fails what is open, and all that comes after"),
    "disconnect": ("", f"{CLIENT}: a loss is told with its reason, a wanted end is not"),
    "getChat": ("get_chat", "tests/sockets/test_history.py: test_it_gets_one_thread"),
    "getChatHistory": (
        "",
        f"{API}: the history goes back page by page, also for a reader in a hurry",
    ),
    "getCustomer": ("get_customer", "tests/sockets/test_events.py: test_get_customer_counts"),
    "getForm": ("get_form", "tests/sockets/test_forms.py: test_it_works"),
    "getPredictedAgent": (
        "get_predicted_agent",
        "tests/sockets/test_groups.py: test_an_agent_is_predicted",
    ),
    "getUrlInfo": ("get_url_info", SCENES),
    "listChats": ("list_chats", "tests/sockets/test_history.py: test_it_lists_the_one_chat"),
    "listGroupStatuses": (
        "list_group_statuses",
        "tests/sockets/test_groups.py: test_statuses_are_listed",
    ),
    "listThreads": ("list_threads", "tests/sockets/test_history.py: test_it_pages_there_and_back"),
    "markEventsAsSeen": ("mark_events_as_seen", SCENES),
    "off": ("", "tests/js/emitter.test.js: off takes only that listener"),
    "on": ("", "tests/js/emitter.test.js: it tells every listener of an event, and no other"),
    "once": ("", "tests/js/emitter.test.js: once hears once"),
    "rateChat": ("", "tests/sockets/test_ratings.py: test_it_works"),
    "resumeChat": ("resume_chat", SCENES),
    "sendEvent": ("send_event", "tests/sockets/test_event_types.py: test_it_works"),
    "sendRichMessagePostback": ("send_rich_message_postback", SCENES),
    "sendTicketForm": ("", "tests/actions/test_tickets.py: test_it_works"),
    "setCustomerSessionFields": ("set_customer_session_fields", SCENES),
    "setSneakPeek": ("send_sneak_peek", SCENES),
    "startChat": ("start_chat", SCENES),
    "updateChatProperties": ("update_chat_properties", SCENES),
    "updateCustomer": ("update_customer", SCENES),
    "updateCustomerPage": ("update_customer_page", SCENES),
    "updateEventProperties": ("update_event_properties", SCENES),
    "updateThreadProperties": ("update_thread_properties", SCENES),
    "uploadFile": ("upload_file", "tests/actions/test_uploads.py: test_it_works"),
}
# An event, its push if it is one, and the test that shows it.
EVENTS: dict[str, tuple[str, str]] = {
    "availability_updated": (
        "groups_status_updated",
        "tests/sockets/test_groups.py: test_a_change_is_told_in_the_way_of_each_version",
    ),
    "chat_deactivated": ("chat_deactivated", AGENTS),
    "chat_properties_deleted": ("chat_properties_deleted", SCENES),
    "chat_properties_updated": ("chat_properties_updated", SCENES),
    "chat_transferred": ("chat_transferred", ""),
    "connected": ("", f"{CLIENT}: it says who is connected"),
    "connection_recovered": ("", f"{CLIENT}: it tells of a line that wavers and recovers"),
    "connection_unstable": ("", f"{CLIENT}: it tells of a line that wavers and recovers"),
    "customer_id": ("", "tests/sockets/test_login.py: test_it_works"),
    "customer_page_updated": ("customer_page_updated", SCENES),
    "customer_updated": ("customer_updated", SCENES),
    "disconnected": ("", f"{CLIENT}: it does not come back after a reason that would hold again"),
    "event_properties_deleted": ("event_properties_deleted", SCENES),
    "event_properties_updated": ("event_properties_updated", SCENES),
    "event_updated": (
        "event_updated",
        "tests/sockets/test_postbacks.py: test_an_edit_reaches_everybody",
    ),
    "events_marked_as_seen": ("events_marked_as_seen", AGENTS),
    "greeting_accepted": ("greeting_accepted", SCENES),
    "greeting_canceled": ("greeting_canceled", SCENES),
    "incoming_chat": ("incoming_chat", SCENES),
    "incoming_event": ("incoming_event", AGENTS),
    "incoming_greeting": (
        "incoming_greeting",
        "tests/sockets/test_greetings.py: test_an_agent_greets_a_customer",
    ),
    "incoming_rich_message_postback": ("incoming_rich_message_postback", SCENES),
    "incoming_typing_indicator": ("incoming_typing_indicator", AGENTS),
    "queue_position_updated": (
        "queue_position_updated",
        "tests/sockets/test_queue.py: test_it_works",
    ),
    "thread_properties_deleted": ("thread_properties_deleted", SCENES),
    "thread_properties_updated": ("thread_properties_updated", SCENES),
    "user_added_to_chat": ("user_added_to_chat", AGENTS),
    "user_data": ("", "tests/sockets/test_chats.py: test_it_starts"),
    "user_removed_from_chat": (
        "user_removed_from_chat",
        "tests/domain/test_lapses.py: test_somebody_else_takes_over",
    ),
}
# The newest version that they speak.
PUBLISHED = VERSIONS["3.5"]
# What the server has not yet, and so no test shows.
PENDING = {"chat_transferred"}
# The protocol has them, our client not: a ticket has a door of its own; the others are in the
# payloads of `connected`, `groups_status_updated` and whatever brings users.
PROTOCOL_ONLY = {"sendTicketForm", "availability_updated", "customer_id", "user_data"}


def test_our_client_has_every_method_that_the_server_can_do() -> None:
    source = "".join((SDK / f"{name}.js").read_text() for name in ("client", "api", "session"))
    ours = set(re.findall(r"^  (?:async )?\*?(\w+)\(", source, re.M))
    pending = {name for name, (action, _) in METHODS.items() if action in PENDING}
    assert set(METHODS) - ours == pending | (PROTOCOL_ONLY & set(METHODS))


def test_our_client_has_every_event() -> None:
    source = (SDK / "session.js").read_text()
    ours = set(re.findall(r'emit\("(\w+)"', source)) | set(PUSHES)  # pushes by their names
    pending = {name for name, (push, _) in EVENTS.items() if push in PENDING}
    assert set(EVENTS) - ours == pending | (PROTOCOL_ONLY & set(EVENTS))


def test_every_action_is_a_method() -> None:
    asked = {action for action, _ in METHODS.values() if action}
    theirs = {name for name in ACTIONS if PUBLISHED.has_action(name)} | set(UPLOADS)
    assert asked ^ theirs == PENDING & asked, "or take it out of PENDING"


def test_every_push_that_published_clients_know_is_an_event() -> None:
    told = {push for push, _ in EVENTS.values() if push}
    ours = {"customer_disconnected", "customer_side_storage_updated", "incoming_sneak_peek"}
    ours |= {"goodbye", "sync_reset", "incoming_multicast"}
    theirs = {name for name in PUSHES if PUSHED.get(name, Span()).since <= PUBLISHED.name}
    assert told ^ theirs == ours | (PENDING & told), "or take it out of PENDING"


def test_the_docs_say_what_is_not_there() -> None:
    [said] = re.findall(r"Not there yet: (.*?)\.\n", (ROOT / "docs/protocol.md").read_text(), re.S)
    assert set(re.findall(r"`(\w+)`", said)) == PENDING


def test_the_scenes_have_what_they_are_said_to_show() -> None:
    by_actions = {push for name in ACTIONS for push in example("actions", name)["causes"]}
    by_acts = {push for causes, _ in ACTS.values() for push in causes}
    assert {push for push, shown in EVENTS.values() if shown == SCENES} <= by_actions
    assert {push for push, shown in EVENTS.values() if shown == AGENTS} <= by_acts


@pytest.mark.parametrize("name", [*METHODS, *EVENTS])
def test_a_test_shows_it(name: str) -> None:
    member, shown = METHODS.get(name) or EVENTS[name]
    if member in PENDING:
        assert not shown
        return
    file, _, title = shown.partition(": ")
    source = (ROOT / file).read_text()
    assert f"def {title}(" in source or f'test("{title}"' in source, f"{file} has no {title}"
