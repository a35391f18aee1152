"""Charts as drawings to scale: bars across with words before and behind them, and columns of months. Units are those of a drawing 510 wide."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 510.0
NAME_WIDTH, END_WIDTH, ROW, BAR, FOOT = 112.0, 96.0, 30.0, 16.0, 26.0
LEFT, TOP, PLOT_HEIGHT, COLUMN_FOOT = 62.0, 30.0, 150.0, 28.0
MOST_LETTERS = 6
STEPS = (1, 2, 5)
MOST_TICKS = 5


@dataclass(frozen=True)
class Stretch:
    """A part of a bar; `look` is its class."""

    look: str
    x: float
    width: float


@dataclass(frozen=True)
class BarRow:
    """A bar with its name, middle and words; `end` is where it ends."""

    name: str
    middle: float
    top: float
    end: float
    parts: tuple[Stretch, ...]
    words: str


@dataclass(frozen=True)
class AcrossChart:
    """`ticks` are (x, number) of the grid."""

    height: float
    foot: float
    rows: list[BarRow]
    ticks: list[tuple[float, int]]


@dataclass(frozen=True)
class Column:
    """A month: what was wanted and, within it, what was done, from the axis up; nothing drawn where `wanted` is 0."""

    middle: float
    x: float
    width: float
    wanted_top: float
    wanted: float
    done_top: float
    done: float
    words: str
    name: str
    is_open: bool


@dataclass(frozen=True)
class ColumnChart:
    height: float
    floor: float
    columns: list[Column]
    ticks: list[tuple[float, int]]


def bars_across(rows: Sequence[tuple[str, Sequence[tuple[str, float]], str]], most: float) -> AcrossChart:
    """Bars of (name, (look, amount) one behind the other, words at the end) on a scale from 0 to at least `most`."""
    ticks = axis_ticks(most)
    per_unit = (WIDTH - NAME_WIDTH - END_WIDTH) / ticks[-1]
    drawn = [_bar_row(row, number, per_unit) for number, row in enumerate(rows)]
    foot = len(rows) * ROW + 4
    return AcrossChart(foot + FOOT, foot, drawn, [(round(NAME_WIDTH + tick * per_unit, 1), tick) for tick in ticks])


def _bar_row(row: tuple[str, Sequence[tuple[str, float]], str], number: int, per_unit: float) -> BarRow:
    name, amounts, words = row
    top, end, parts = number * ROW + (ROW - BAR) / 2, NAME_WIDTH, []
    for look, amount in amounts:
        width = round(max(0.0, amount) * per_unit, 1)
        if width:
            parts.append(Stretch(look, round(end, 1), width))
        end += width
    return BarRow(short_name(name), top + BAR / 2, top, round(end, 1), tuple(parts), words)


def columns_of(months: Sequence[tuple[str, int, int, str, bool]]) -> ColumnChart:
    """Columns of (name, wanted, done, words above, whether it is under way), the oldest on the left."""
    ticks = axis_ticks(max((wanted for _, wanted, *_ in months), default=0))
    per_unit, slot = PLOT_HEIGHT / ticks[-1], (WIDTH - LEFT) / max(1, len(months))
    width, floor = round(min(30.0, slot * 0.66), 1), TOP + PLOT_HEIGHT
    columns = []
    for number, (name, wanted, done, words, is_open) in enumerate(months):
        middle = LEFT + slot * (number + 0.5)
        tall, part = round(wanted * per_unit, 1), round(min(done, wanted) * per_unit, 1)
        places = (round(middle, 1), round(middle - width / 2, 1), width)
        columns.append(Column(*places, round(floor - tall, 1), tall, round(floor - part, 1), part, words, name, is_open))
    return ColumnChart(floor + COLUMN_FOOT, floor, columns, [(round(floor - tick * per_unit, 1), tick) for tick in ticks])


def axis_ticks(most: float) -> list[int]:
    """Round numbers from 0 to at least the most, a few of them."""
    size = 1
    while True:
        for step in STEPS:
            count = -(-max(1, int(-(-most // 1))) // (step * size))
            if count <= MOST_TICKS:
                return [number * step * size for number in range(count + 1)]
        size *= 10


def short_name(name: str) -> str:
    """As much of a name as stands before a bar; the table beside has all of it. A letter of Latin is half as wide."""
    room, kept = float(MOST_LETTERS), ""
    for letter in name:
        room -= 0.55 if letter.isascii() else 1.0
        if room < 0:
            return kept + "…"
        kept += letter
    return name
