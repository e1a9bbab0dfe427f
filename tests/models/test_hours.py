"""Working hours: when a group is open, whatever the clocks there do."""

from datetime import UTC, datetime, timedelta

import pytest

from livechat_widget.models.hours import Hours, is_open, read_intervals, write_intervals

WORK = {"monday": [["09:00", "12:30"], ["13:30", "18:00"]], "friday": [["22:00", "02:00"]]}
WARSAW, NEW_YORK = "Europe/Warsaw", "America/New_York"
LORD_HOWE = "Australia/Lord_Howe"


def at(text: str) -> datetime:
    """A moment by its time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-01-05T07:59:59", False),  # a Monday; Warsaw is one hour ahead
        ("2026-01-05T08:00", True),
        ("2026-01-05T11:29:59", True),
        ("2026-01-05T11:30", False),
        ("2026-01-05T12:30", True),
        ("2026-01-05T17:00", False),
        ("2026-07-06T07:00", True),  # in summer two hours
        ("2026-07-06T16:00", False),
        ("2026-01-06T08:00", False),  # a Tuesday
        ("2026-01-09T21:00", True),  # a Friday night
        ("2026-01-10T00:59", True),
        ("2026-01-10T01:00", False),
    ],
)
def test_it_works(moment: str, expected: bool) -> None:
    assert is_open(WORK, WARSAW, at(moment)) is expected


def test_without_hours_it_is_always_open() -> None:
    assert is_open({}, "UTC", at("2026-01-05T03:00"))


@pytest.mark.parametrize(
    ("zone", "hours", "opens", "closes"),
    [
        # In Warsaw the clock goes from 2:00 to 3:00 on 29 March, from 3:00 to 2:00 on 25 October.
        (WARSAW, "01:00-05:00", "2026-03-29T00:00", "2026-03-29T03:00"),
        (WARSAW, "01:00-05:00", "2026-10-24T23:00", "2026-10-25T04:00"),
        # What the clock skips counts as that much later.
        (WARSAW, "02:30-05:00", "2026-03-29T01:30", "2026-03-29T03:00"),
        (WARSAW, "01:00-02:30", "2026-03-29T00:00", "2026-03-29T01:30"),
        # What it shows twice: it opens at the first, and closes at the second.
        (WARSAW, "02:30-05:00", "2026-10-25T00:30", "2026-10-25T04:00"),
        (WARSAW, "01:00-02:30", "2026-10-24T23:00", "2026-10-25T01:30"),
        (WARSAW, "02:15-02:45", "2026-10-25T00:15", "2026-10-25T01:45"),
        (NEW_YORK, "01:30-03:00", "2026-03-08T06:30", "2026-03-08T07:00"),
        (NEW_YORK, "01:30-03:00", "2026-11-01T05:30", "2026-11-01T08:00"),
        # By half an hour only.
        (LORD_HOWE, "01:00-09:00", "2026-04-04T14:00", "2026-04-04T22:30"),
        (LORD_HOWE, "01:00-09:00", "2026-10-03T14:30", "2026-10-03T22:00"),
        ("Asia/Kolkata", "09:00-18:00", "2026-03-29T03:30", "2026-03-29T12:30"),
    ],
)
def test_clocks_are_put_forward_and_back(zone: str, hours: str, opens: str, closes: str) -> None:
    sundays = {"sunday": read_intervals(hours)}
    start = at(opens) - timedelta(days=1)
    minutes = [start + timedelta(minutes=one) for one in range(3 * 24 * 60)]
    inside = [minute for minute in minutes if is_open(sundays, zone, minute)]
    assert (inside[0], inside[-1]) == (at(opens), at(closes) - timedelta(minutes=1))
    assert len(inside) == (at(closes) - at(opens)).total_seconds() / 60


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-12-25T10:00", False),  # every year
        ("2027-12-25T10:00", False),
        ("2026-12-24T10:00", True),  # a Thursday with hours of its own, this year
        ("2026-12-24T13:00", False),
        ("2027-12-24T13:00", True),  # a Friday as any other
        ("2027-01-01T10:00", True),  # the date itself goes before the day of every year
        ("2028-01-01T10:00", False),
        ("2028-02-29T10:00", False),
    ],
)
def test_holidays_and_exceptions(moment: str, expected: bool) -> None:
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    hours: Hours = dict.fromkeys(week, [["09:00", "18:00"]])
    hours["exceptions"] = {
        "12-25": [],
        "01-01": [],
        "02-29": [],
        "2027-01-01": [["10:00", "11:00"]],
        "2026-12-24": [["09:00", "12:00"]],
    }
    assert is_open(hours, "UTC", at(moment)) is expected


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", []),
        ("9:00-12:30, 13:30-18:00", [["09:00", "12:30"], ["13:30", "18:00"]]),
        (" 0:00 - 24:00 ,", [["00:00", "24:00"]]),
        ("22:00-2:00", [["22:00", "02:00"]]),
    ],
)
def test_hours_are_read_as_they_are_typed(typed: str, kept: list[list[str]]) -> None:
    assert read_intervals(typed) == kept
    assert read_intervals(write_intervals(kept)) == kept


@pytest.mark.parametrize("wrong", ["9-12", "9:00", "25:00-26:00", "9:00-12:60", "24:00-1:00", "x"])
def test_other_hours_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong.split("-")[0]):
        read_intervals(f"8:00-9:00, {wrong}")


def test_a_whole_day_is_open() -> None:
    hours = {"monday": [["00:00", "24:00"]]}
    assert is_open(hours, "UTC", at("2026-01-05T23:59:59"))
    assert not is_open(hours, "UTC", at("2026-01-06T00:00"))
