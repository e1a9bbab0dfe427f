"""The bench's own check: what it would say of a server that loses, doubles or shuffles."""

from typing import Any

import pytest

from tests.bench.load.dialects import Heard
from tests.bench.load.room import Room

NOTHING_WRONG = {"refused": 0, "lost": 0, "duplicated": 0, "misordered": 0}


class Wire:
    def listen(self, hear: Any) -> None:
        self.hear = hear

    def send(self, text: bytes) -> None:
        pass


class Dialect:
    """Frames are what the test says was heard."""

    acknowledges = True

    def request(self, member: Any, number: int, text: str) -> bytes:
        return b""

    def read(self, frame: Any) -> Any:
        return frame


@pytest.fixture
def room() -> Room:
    """Two members, three messages on their way."""
    room = Room(Dialect(), [Wire(), Wire()], [{}, {}])
    for _ in range(3):
        room.send()
    return room


def hear(room: Room, place: int, *numbers: int, is_ack: bool = False) -> None:
    for number in numbers:
        room.wires[place].hear(Heard(number, is_ack))


def count(room: Room, **wrong: int) -> bool:
    found = room.count()
    return {name: found[name] for name in NOTHING_WRONG} == {**NOTHING_WRONG, **wrong}


def test_it_works(room: Room) -> None:
    hear(room, 0, 1, 2, 3, is_ack=True)
    for place in (0, 1):
        hear(room, place, 1, 2, 3)
    assert count(room)
    assert room.record.complete == 3
    assert room.waiting == {}


def test_it_sees_a_push_that_is_missing(room: Room) -> None:
    hear(room, 0, 1, 2, 3, is_ack=True)
    hear(room, 0, 1, 2, 3)
    hear(room, 1, 1, 3)
    assert count(room, lost=1)
    assert room.record.complete == 2


def test_it_sees_an_answer_that_is_missing(room: Room) -> None:
    hear(room, 0, 1, 2, is_ack=True)
    for place in (0, 1):
        hear(room, place, 1, 2, 3)
    assert count(room, lost=1)


def test_it_sees_doubles_and_wrong_order(room: Room) -> None:
    hear(room, 0, 1, 2, 3, is_ack=True)
    hear(room, 0, 1, 2, 2, 3)
    hear(room, 1, 1, 3, 2)
    assert count(room, duplicated=1, misordered=1)


def test_a_refusal_is_late_and_not_lost(room: Room) -> None:
    room.wires[0].hear(Heard(3, True, refused=True))
    hear(room, 0, 1, 2, is_ack=True)
    for place in (0, 1):
        hear(room, place, 1, 2)
    assert count(room, refused=1)
    assert room.count()["sent"] == 2
    assert max(room.record.deliveries) == float("inf")
