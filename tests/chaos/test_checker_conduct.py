"""The same for the invariants of membership, marks, sockets and servers."""

from dataclasses import replace
from pathlib import Path

from tests.chaos.checker.health import read_tracebacks
from tests.chaos.checker.ledger import Entry
from tests.chaos.story import ANN, VERA, Story, moment


def test_i7_finds_a_chat_shown_to_another_group(story: Story, broken) -> None:
    story.ledger.groups[VERA] = 7
    assert "I7" in broken()


def test_i7_finds_a_note_shown_to_the_visitor(story: Story, broken) -> None:
    story.ledger.events[1] = replace(story.ledger.events[1], public=False)
    assert "I7" in broken()


def test_i7_finds_typing_shown_to_a_stranger(story: Story, broken) -> None:
    story.note(4, "peek", nonce="I wou", party="vera's tab")
    story.note(4, "ephemeral", party="ann's console", stream="another", nonce="I wou")
    assert broken() == {"I7"}


def test_i10_finds_a_socket_cut_off(story: Story, broken) -> None:
    story.note(15, "conn", party="vera's tab", conn="v2", resumed=True, starts={VERA: 2})
    story.note(16, "close", party="vera's tab", conn="v2", code=1006, by="server")
    assert "I10" in broken()


def test_i11_finds_what_was_not_given_back(story: Story, broken) -> None:
    story.note(0, "gauge", of="worker 0", at="start", feeds=0, tasks=9, files=30)
    story.note(20, "gauge", of="worker 0", at="end", feeds=1, tasks=9, files=30)
    assert broken() == {"I11"}


def test_i11_finds_a_transaction_left_open(story: Story, broken) -> None:
    story.note(20, "gauge", of="services", at="end", idle_in_transaction=1)
    assert broken() == {"I11"}


def test_i12_finds_typing_that_outlives_itself(story: Story, broken) -> None:
    story.note(4, "peek", party="vera's tab", nonce="I wou")
    story.note(15, "ephemeral", party="ann's console", stream=VERA, nonce="I wou")
    assert broken() == {"I12"}


def test_i13_finds_a_mark_that_moved_back(story: Story, broken) -> None:
    for second in (3, 2):
        payload = {"user_id": ANN, "seen_up_to": moment(second)}
        number = len(story.ledger.entries) + 1
        story.ledger.entries.append(
            Entry(VERA, number, number, "events_marked_as_seen", None, payload)
        )
    assert broken() == {"I13"}


def test_i13_recomputes_marks_from_the_log(story: Story, broken) -> None:
    story.ledger.seen[VERA, VERA] = moment(3)
    assert broken() == set()
    story.ledger.seen[VERA, VERA] = moment(2)
    assert broken() == {"I13"}


def test_i14_finds_a_traceback(story: Story, broken, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("fine\nTraceback (most recent call last):\n  File x\nKeyError: 7\n")
    story.note(20, "log", worker=0, path=str(log), start=0, end=log.stat().st_size)
    assert broken() == {"I14"}
    story.find("run")["tracebacks"] = ["KeyError"]
    assert broken() == set()


def test_i14_looks_at_what_was_raised_in_the_end() -> None:
    chain = "\n\nDuring handling of the above exception, another exception occurred:\n\n"
    block = "Traceback (most recent call last):\n  File x\n"
    log = f"{block}KeyError: 1{chain}{block}ValueError: 2\n10:00 INFO fine\n{block}OSError: 3\n"
    assert list(read_tracebacks(log)) == ["ValueError: 2", "OSError: 3"]


def test_i15_finds_a_slow_answer(story: Story, broken) -> None:
    story.find("run")["answers"] = {"send_event": 1.0}
    story.note(3, "try", party="vera's tab", conn="v1", request="r1", action="send_event")
    story.note(5, "answer", request="r1", action="send_event", error=None, event=None)
    assert broken() == {"I15"}


def test_i15_finds_an_internal_error(story: Story, broken) -> None:
    story.note(3, "try", party="vera's tab", conn="v1", request="r1", action="send_event")
    story.note(3, "answer", request="r1", action="send_event", error="internal", event=None)
    assert broken() == {"I15"}


def test_i15_finds_a_request_that_hangs(story: Story, broken) -> None:
    story.find("run")["all_answered"] = True
    story.note(4, "try", request="r1", party="vera's tab", action="send_event")
    story.note(9, "unanswered", request="r1", action="send_event")
    assert broken() == {"I15"}


def test_i15_knows_that_a_ping_waits_behind_a_send(story: Story, broken) -> None:
    story.find("run")["all_answered"] = True
    for request, party in (("r1", "vera's tab"), ("r2", "vera listens")):
        story.note(4, "try", request=request, party=party, action="ping")
    story.note(9, "unanswered", request="r1", action="ping")
    assert broken() == set()
    story.note(9, "unanswered", request="r2", action="ping")
    assert broken() == {"I15"}


def test_i16_misses_who_did_not_come_back(story: Story, broken) -> None:
    story.note(5, "close", party="vera's tab", conn="v1", code=1000, by="server")
    story.note(6, "conn", party="vera's tab", conn="v2", resumed=True, starts={VERA: 2})
    story.note(7, "close", party="vera's tab", conn="v2", code=1000, by="server")
    assert broken() == {"I16"}


def test_i16_gives_time_from_the_end_of_the_last_fault(story: Story, broken) -> None:
    story.note(4, "outage", name="worker", phase="start")
    story.note(5, "outage", name="worker", phase="stop")
    story.note(50, "close", party="vera's tab", conn="v1", code=1000, by="server")
    story.note(51, "conn", party="vera's tab", conn="v2", resumed=True, starts={VERA: 2})
    story.note(60, "close", party="vera's tab", conn="v2", code=1000, by="done")
    story.note(60, "close", party="ann's console", conn="a1", code=1000, by="done")
    assert broken() == {"I16"}
    story.note(52, "calm", after="F18 reset")
    assert broken() == set()
