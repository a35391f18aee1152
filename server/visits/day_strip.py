"""The strip of a rep's day: a box per visit on a line of hours, and how long the long gaps were."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.domain.months import SHANGHAI
from server.visits.day_replay import Stop, first_and_last

WIDTH, EDGE, LEAST_BOX = 640.0, 14.0, 16.0
LONG_GAP = timedelta(hours=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Box:
    x: float
    width: float
    stop: Stop


@dataclass(frozen=True)
class DayStrip:
    """In units of a drawing 640 wide: `hours` are (x, words), `gaps` (x of the middle, how long)."""

    hours: list[tuple[float, str]]
    boxes: list[Box]
    gaps: list[tuple[float, timedelta]]
    begin: float
    end: float


def day_strip(stops: list[Stop]) -> DayStrip:
    """The strip from the full hour before the first stop to the one after the last; `stops` must not be empty."""
    first, last = (instant.astimezone(SHANGHAI) for instant in first_and_last(stops))
    opens = first.replace(minute=0, second=0, microsecond=0)
    closes = last.replace(minute=0, second=0, microsecond=0) + HOUR
    per_second = (WIDTH - 2 * EDGE) / (closes - opens).total_seconds()

    def x_of(instant: datetime) -> float:
        return round(EDGE + (instant - opens).total_seconds() * per_second, 1)

    count = round((closes - opens) / HOUR)
    every = max(1, -(-count // 9))  # so that the hours' words do not run into one another
    hours = [(x_of(opens + n * HOUR), f"{(opens + n * HOUR).hour}:00") for n in range(0, count + 1, every)]
    boxes = [_box(stop, x_of(stop.visit.checked_in_at), x_of(stop.visit.checked_out_at)) for stop in stops]
    gaps = [
        (round((x_of(stop.visit.checked_in_at) + x_of(stop.visit.checked_in_at - stop.gap)) / 2, 1), stop.gap)
        for stop in stops
        if stop.gap is not None and stop.gap >= LONG_GAP
    ]
    return DayStrip(hours, boxes, gaps, x_of(first), x_of(last))


def _box(stop: Stop, begin: float, end: float) -> Box:
    return Box(begin, max(LEAST_BOX, round(end - begin, 1)), stop)
