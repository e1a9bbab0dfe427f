"""Working hours: when a group is open, in its own time zone."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|24:00")
Hours = dict[str, Any]


def is_open(hours: Hours, zone: str, moment: datetime) -> bool:
    """Without hours, always. An interval belongs to the day on which it begins."""
    if not hours:
        return True
    place = ZoneInfo(zone)
    today = moment.astimezone(place).date()
    return any(
        start <= moment < end
        for day in (today - timedelta(days=1), today)
        for start, end in _intervals(hours, place, day)
    )


def _intervals(hours: Hours, place: ZoneInfo, day: date) -> Iterator[tuple[datetime, datetime]]:
    for start, end in intervals_of(hours, day):
        over_midnight = end <= start
        last_day = day + timedelta(days=1) if over_midnight else day
        yield _instants(place, day, start)[0], _instants(place, last_day, end)[-1]


def intervals_of(hours: Hours, day: date) -> list[list[str]]:
    """As they are written, such as ``[["09:00", "12:30"]]``: what is said of the date goes first,
    then what is said of it for every year, then the weekday."""
    exceptions = hours.get("exceptions", {})
    for written in (day.isoformat(), day.strftime("%m-%d")):
        if written in exceptions:
            return list(exceptions[written])
    return list(hours.get(WEEKDAYS[day.weekday()], []))


def _instants(place: ZoneInfo, day: date, text: str) -> list[datetime]:
    """When a clock there shows this: once or, when it is put back, twice, in order.

    A time that is skipped when the clock is put forward counts as that much later.
    """
    hour, minute = map(int, text.split(":"))
    shown = datetime.combine(day + timedelta(days=hour // 24), time(hour % 24, minute), place)
    first, second = (shown.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return [first, max(first, second)]


def read_intervals(text: str) -> list[list[str]]:
    """From ``9:00-12:30, 13:30-18:00``; raises ``ValueError`` with what is wrong.

    An end that is not after its start is on the next day.
    """
    intervals = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        times = [one.strip() for one in part.split("-")]
        if len(times) != 2 or not all(map(_TIME.fullmatch, times)) or times[0] == "24:00":
            raise ValueError(part)
        intervals.append([one.zfill(5) for one in times])
    return intervals


def write_intervals(intervals: list[list[str]]) -> str:
    return ", ".join("-".join(one) for one in intervals)
