"""What an outlet's page says about the money it moved: a year of months as bars, with the figures beside."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from server.domain.months import Month
from server.outlets.models import Outlet
from server.outlets.sections import Section
from server.people.models import Person
from server.transactions.queries import volumes_of

MONTHS = 12
WIDTH, GAP, HEIGHT = 40, 8, 96


@dataclass(frozen=True)
class Bar:
    """A month of the chart; `x`, `y`, `height` in units of its picture. `amount` is None where nothing was imported."""

    month: Month
    amount: Decimal | None
    x: int
    y: float
    height: float
    is_under_way: bool


def volume_section(outlet: Outlet, _reader: Person, today: date) -> Section:
    months = [Month.of_date(today)]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous())
    bars = volume_bars(volumes_of([outlet.id], months).get(outlet.id, {}), months, Month.of_date(today))
    values = {"bars": bars, "width": MONTHS * (WIDTH + GAP), "height": HEIGHT, "has_any": any(bar.amount is not None for bar in bars)}
    return Section("", "", "imports/_outlet_volume.html", values)


def volume_bars(amounts: dict[Month, Decimal], months: list[Month], now: Month) -> list[Bar]:
    """One bar a month on a common scale from 0; a month with more refunds than payments has a bar without height."""
    most = max([*amounts.values(), Decimal(0)])
    bars = []
    for place, month in enumerate(months):
        amount = amounts.get(month)
        share = float(max(amount, Decimal(0)) / most) if amount is not None and most > 0 else 0.0
        height = round(HEIGHT * share, 1)
        bars.append(Bar(month, amount, place * (WIDTH + GAP), round(HEIGHT - height, 1), height, month == now))
    return bars
