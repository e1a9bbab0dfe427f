"""Reading back: lists, pages and order."""

from livechat_widget.domain import chats, events
from livechat_widget.models import Customer, Thread
from livechat_widget.protocol.events import NewMessage
from tests.cast import Cast
from tests.sockets.conftest import Connect


def talk(cast: Cast, customer: Customer, threads: int, messages: int = 2) -> str:
    """A chat of several threads, the last one active."""
    chat = cast.chat(customer, "1.1")
    for number in range(1, threads + 1):
        if number > 1:
            chats.deactivate(chat.pk, cast.ann)
            first = NewMessage(text=f"{number}.1")
            chats.resume(chat.pk, customer, chats.Opening(events=[first]))
        for one in range(2, messages + 1):
            events.send(chat.pk, customer, NewMessage(text=f"{number}.{one}"))
    return chat.pk


def texts(thread: dict) -> list[str]:
    return [event["text"] for event in thread["events"] if event["type"] == "message"]


def test_it_lists_the_one_chat(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = talk(live_cast, customer, threads=2)
    answer = connect(customer, version="3.6").ask_ok("list_chats")
    assert answer["total_chats"] == 1
    summary = answer["chats_summary"][0]
    assert (summary["id"], summary["active"]) == (chat, True)
    assert summary["last_event_per_type"]["message"]["event"]["text"] == "2.2"
    note = summary["last_event_per_type"]["system_message"]
    assert note["event"]["system_message_type"] == "manual_archived_agent"
    assert note["thread_id"] != summary["last_thread_id"]
    newer = connect(customer, version="3.7").ask_ok("list_chats")["chats_info"][0]
    assert newer["last_thread_info"] == {
        "id": summary["last_thread_id"],
        "created_at": summary["last_thread_created_at"],
        "last_event_per_type": {
            kind: {"event": last["event"]} for kind, last in summary["last_event_per_type"].items()
        },
    }


def test_it_lists_no_chat(connect: Connect, live_cast: Cast) -> None:
    answer = connect(live_cast.customer()).ask_ok("list_chats", {"limit": 25})
    assert answer == {"chats_info": [], "total_chats": 0}


def test_it_lists_the_newest_three_threads(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = talk(live_cast, customer, threads=5)
    answer = connect(customer).ask_ok("list_threads", {"chat_id": chat})
    assert [texts(thread)[0] for thread in answer["threads"]] == ["5.1", "4.1", "3.1"]
    assert answer["found_threads"] == 5
    assert "previous_page_id" not in answer
    newest, older = answer["threads"][:2]
    assert (newest["active"], older["active"]) == (True, False)
    assert newest["previous_thread_id"] == older["id"]
    assert older["next_thread_id"] == newest["id"]
    assert "next_thread_id" not in newest


def test_it_pages_there_and_back(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = talk(live_cast, customer, threads=5)
    client = connect(customer)
    for order in ("desc", "asc"):
        first = client.ask_ok("list_threads", {"chat_id": chat, "limit": 2, "sort_order": order})
        second = client.ask_ok("list_threads", {"chat_id": chat, "page_id": first["next_page_id"]})
        third = client.ask_ok("list_threads", {"chat_id": chat, "page_id": second["next_page_id"]})
        assert "next_page_id" not in third
        found = [texts(one)[0] for page in (first, second, third) for one in page["threads"]]
        assert sorted(found, reverse=order == "desc") == found
        assert len(found) == 5
        back = client.ask_ok(
            "list_threads", {"chat_id": chat, "page_id": third["previous_page_id"]}
        )
        assert back["threads"] == second["threads"]


def test_it_gives_as_many_threads_as_it_takes(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = talk(live_cast, customer, threads=4, messages=2)  # and a note in the ended ones
    answer = connect(customer).ask_ok("list_threads", {"chat_id": chat, "min_events_count": 4})
    assert [texts(thread) for thread in answer["threads"]] == [["4.1", "4.2"], ["3.1", "3.2"]]


def test_it_refuses_a_page_id_with_anything_else(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = talk(live_cast, customer, threads=1)
    client = connect(customer)
    error = client.error("list_threads", {"chat_id": chat, "page_id": "x", "limit": 2})
    assert error["message"] == "payload.limit: not together with page_id."
    assert "page_id" in client.error("list_threads", {"chat_id": chat, "page_id": "x"})["message"]


def test_it_gets_one_thread(connect: Connect, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = talk(live_cast, customer, threads=2)
    first = Thread.objects.filter(chat=chat).earliest("created_at")
    client = connect(customer)
    answer = client.ask_ok("get_chat", {"chat_id": chat, "thread_id": first.pk})
    assert texts(answer["thread"]) == ["1.1", "1.2"]
    assert texts(client.ask_ok("get_chat", {"chat_id": chat})["thread"]) == ["2.1", "2.2"]
    foreign = live_cast.chat().last_thread_id
    error = client.error("get_chat", {"chat_id": chat, "thread_id": foreign})
    assert error["type"] == "not_found"
