"""What each action of the registry costs in queries, done as its example says."""

import json

import pytest

from livechat_widget.actions.customer import ACTIONS
from livechat_widget.actions.registry import Caller
from livechat_widget.delivery import publish
from livechat_widget.protocol.versions import LATEST
from tests.cast import Cast
from tests.domain.test_cost import count
from tests.protocol.stage import BEFORE, fill, set_the_stage

# On either database. A socket's send_event takes one less: it looks for a repeat only when the
# database refuses a custom_id; and what happens at one moment shares them.
QUERIES: dict[str, int] = {
    "start_chat": 12,
    "resume_chat": 12,
    "deactivate_chat": 7,
    "list_chats": 3,
    "list_threads": 7,
    "get_chat": 6,
    "get_customer": 2,
    "update_customer": 7,
    "set_customer_session_fields": 6,
    "update_customer_page": 3,
    "send_event": 7,
    "mark_events_as_seen": 5,
    "send_rich_message_postback": 6,
    "send_sneak_peek": 1,
    "get_form": 2,
    "get_url_info": 0,
    "accept_greeting": 6,
    "cancel_greeting": 5,
    "list_group_statuses": 1,
    "get_predicted_agent": 2,
    "delete_event": 6,
    "request_welcome_message": 3,
    "send_greeting_button_clicked": 4,
    "activate_customer_page": 4,
    "deactivate_customer_page": 4,
    "update_chat_properties": 7,
    "delete_chat_properties": 7,
    "update_thread_properties": 7,
    "delete_thread_properties": 7,
    "update_event_properties": 6,
    "delete_event_properties": 6,
}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_costs_this_much(name: str, cast: Cast) -> None:
    customer = cast.customer()
    real = set_the_stage(name, cast, customer)
    caller = Caller(customer, LATEST)

    def act(name: str) -> None:
        action = ACTIONS[name]
        action.run(caller, action.decode(json.dumps(fill(name, real)).encode()))

    if name in BEFORE:
        act(BEFORE[name])
    with publish.collected():  # what it costs to tell others is no query of the action
        assert count(lambda: act(name)) == QUERIES[name]


def test_no_action_is_left_out_or_gone() -> None:
    assert set(QUERIES) == set(ACTIONS)
