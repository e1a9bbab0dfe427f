"""Each invariant is shown a history that breaks it, and one that does not: what is delivered."""

import ast
from dataclasses import replace
from pathlib import Path

from tests.chaos.checker import INVARIANTS, judge
from tests.chaos.checker.evidence import SECOND
from tests.chaos.checker.ledger import Entry
from tests.chaos.story import ANN, VERA, Story

HERE = Path(__file__).parent


def test_it_works(broken) -> None:
    assert broken() == set()


def test_it_counts(story: Story, tmp_path: Path) -> None:
    story.end()
    verdict = judge(story.read(tmp_path))
    assert (verdict.sends, verdict.losses, verdict.duplicates, verdict.misorders) == (2, 0, 0, 0)


def test_it_knows_every_invariant() -> None:
    assert list(INVARIANTS) == [f"I{number}" for number in (*range(1, 13), 13, 14, 15, 16)]


def test_it_imports_nothing_of_the_product() -> None:
    files = [*(HERE / "checker").glob("*.py"), HERE / "history.py", HERE / "report.py"]
    modules = {
        name.split(".")[0]
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }
    assert modules.isdisjoint({"livechat_widget", "django", "channels", "tests"})


def test_i1_misses_what_was_acknowledged(story: Story, broken) -> None:
    del story.ledger.events[1], story.ledger.entries[1]
    assert "I1" in broken()


def test_i1_wants_the_acknowledged_id(story: Story, broken) -> None:
    story.find("ok", op="op are you there")["event"] = "event of somebody else"
    assert broken() == {"I1"}


def test_i2_finds_what_nobody_sent(story: Story, broken) -> None:
    story.store(5, "out of nowhere", "send_event", VERA)
    assert broken() == {"I2"}


def test_i2_finds_what_was_refused(story: Story, broken) -> None:
    story.find("ok", op="op are you there")["kind"] = "fail"
    assert broken() == {"I2"}


def test_i2_lets_the_unknown_be_stored(story: Story, broken) -> None:
    story.find("ok", op="op are you there")["kind"] = "info"
    assert broken() == set()


def test_i2_finds_half_an_event(story: Story, broken) -> None:
    story.ledger.entries[1] = Entry(VERA, 2, 2, "incoming_event", None)
    assert "I2" in broken()


def test_i3_finds_a_second_copy(story: Story, broken) -> None:
    copy = replace(story.ledger.events[1], id="event again")
    story.ledger.events.append(copy)
    story.ledger.entries.append(Entry(VERA, 3, 3, "incoming_event", "event again"))
    assert "I3" in broken()


def test_i3_finds_a_second_thread(story: Story, broken) -> None:
    story.ledger.threads[VERA].append("another")
    assert broken() == {"I3"}


def test_i3_finds_two_answers_to_one_message(story: Story, broken) -> None:
    story.note(4, "ok", op="op are you there", event="event again")
    assert broken() == {"I3"}


def test_i4_finds_a_gap(story: Story, broken) -> None:
    story.say(4, "third")
    story.lines.remove(story.find("recv", conn="v1", seq=2))
    assert {"I4", "I5"} == broken()


def test_i4_finds_a_push_that_comes_again(story: Story, broken) -> None:
    story.see(4, "vera's tab", "v1", 2, "are you there")
    assert broken() == {"I4"}


def test_i4_finds_disorder(story: Story, broken) -> None:
    story.say(4, "third")
    second, third = (story.find("recv", conn="a1", seq=seq) for seq in (2, 3))
    second["seq"], third["seq"] = 3, 2
    assert "I4" in broken()


def test_i4_counts_on_from_the_cursor(story: Story, broken) -> None:
    story.note(5, "close", party="vera's tab", conn="v1", code=1000, by="server")
    story.note(6, "conn", party="vera's tab", conn="v2", resumed=True, starts={VERA: 2})
    story.note(20, "close", party="vera's tab", conn="v2", code=1000, by="done")
    story.see(6.5, "vera's tab", "v2", 2, "are you there")
    assert "I4" in broken()


def test_i5_misses_what_never_came(story: Story, broken) -> None:
    story.lines.remove(story.find("recv", conn="a1", seq=2))
    assert broken() == {"I5"}


def test_i5_finds_what_came_late(story: Story, broken) -> None:
    story.find("recv", conn="a1", seq=2)["t"] += 6_000_000_000
    assert broken() == {"I5"}


def test_it_tells_what_is_late_from_what_is_lost(story: Story, tmp_path: Path) -> None:
    push = story.find("recv", party="ann's console")
    push["t"] += 10 * SECOND
    story.end()
    verdict = judge(story.read(tmp_path))
    assert verdict.late_only
    assert verdict.losses == 0
    story.lines.remove(push)
    verdict = judge(story.read(tmp_path))
    assert not verdict.late_only
    assert verdict.losses == 1


def test_i5_wants_the_share_that_was_promised(story: Story, broken) -> None:
    story.find("run")["quantiles"] = [[0.5, 0.1]]  # the story's deliveries take 0.2 s
    assert broken() == {"I5"}


def test_latency_is_that_of_who_was_there(story: Story, tmp_path: Path) -> None:
    before = judge(story.read(tmp_path)).latencies
    assert [round(one, 3) for one in before] == [0.2]
    story.note(90, "party", party="ann at last", role="agent", author=ANN, groups=[0])
    story.note(90, "conn", party="ann at last", conn="a2", resumed=False, starts={})
    story.see(91, "ann at last", "a2", 2, "are you there")
    assert judge(story.read(tmp_path)).latencies == before


def test_i5_gives_time_after_an_outage(story: Story, broken) -> None:
    story.find("recv", conn="a1", seq=2)["t"] += 6_000_000_000
    story.note(2.5, "outage", name="worker", phase="start")
    story.note(4, "outage", name="worker", phase="stop")
    assert broken() == set()


def test_i5_asks_nothing_of_who_was_not_there(story: Story, broken) -> None:
    story.lines.remove(story.find("recv", conn="a1", seq=2))
    story.note(3.1, "close", party="ann's console", conn="a1", code=1000, by="server")
    story.end = lambda: None  # type: ignore[method-assign]
    assert "I5" not in broken()


def test_i6_compares_the_last_look_with_the_rows(story: Story, broken) -> None:
    story.note(10, "final", party="vera's tab", stream=VERA, events=["event hello"])
    assert broken() == {"I6"}


def test_i6_wants_the_agent_to_see_every_entry(story: Story, broken) -> None:
    entries = [[1, None], [2, "event are you there"]]
    story.note(10, "final", party="ann's console", stream=VERA, entries=entries)
    assert broken() == set()
    entries.pop()
    assert broken() == {"I6"}


def test_i6_finds_times_that_contradict_the_numbers(story: Story, broken) -> None:
    story.say(4, "third")
    late, early = story.ledger.events[1:]
    story.ledger.events[1:] = [
        replace(early, created_at=late.created_at),
        replace(late, created_at=early.created_at),
    ]
    read = [event.id for event in story.ledger.events]
    story.note(10, "final", party="vera's tab", stream=VERA, events=read)
    assert broken() == {"I6"}


def test_i8_finds_an_answer_overtaken(story: Story, broken) -> None:
    story.say(6, "third")
    story.find("ok", op="op third")["t"] = int(2.9e9)
    story.find("invoke", op="op third")["t"] = int(2.8e9)
    assert broken() == {"I8"}


def test_i9_finds_a_push_with_another_number(story: Story, broken) -> None:
    story.say(4, "third")
    for conn in ("v1", "a1"):
        story.find("recv", conn=conn, seq=3)["event"] = "event are you there"
    assert "I9" in broken()


def test_i9_finds_changed_bytes(story: Story, broken) -> None:
    story.find("recv", conn="a1", seq=2)["hash"] = "else"
    assert broken() == {"I9"}


def test_i9_finds_a_request_settled_by_another_event(story: Story, broken) -> None:
    story.note(3, "try", party="vera's tab", conn="v1", request="r1", action="send_event")
    story.note(
        3.1, "answer", request="r1", action="send_event", error=None, event="event of another"
    )
    story.find("recv", conn="v1", seq=2)["request"] = "r1"
    assert broken() == {"I9"}
