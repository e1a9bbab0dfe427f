"""F23 knows every act that a party can ask for."""

from tests.chaos.nemesis.retries import ACTS, READS, UNREACHABLE
from tests.chaos.stage import list_acts


def test_every_act_is_tried_again_or_changes_nothing() -> None:
    assert set(list_acts()) == ACTS.keys() | READS | UNREACHABLE
    assert ACTS.keys().isdisjoint(READS)
