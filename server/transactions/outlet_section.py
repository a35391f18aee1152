"""What an outlet's page says about the money it moved: up to a year of months as bars, with figures and signs of churn."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from server.domain.churn_risk import churn_signs
from server.domain.fee_proposal import fee_months
from server.domain.months import Month, months_until
from server.outlets.deciders import may_decide
from server.outlets.models import Outlet
from server.outlets.sections import Section
from server.people.models import Person
from server.transactions.fee_proposals import fee_proposal
from server.transactions.queries import uses_of, volumes_of

MONTHS = 12


@dataclass(frozen=True)
class Bar:
    """A month of the chart; `percent` is the bar's length by the longest. `amount` is None where nothing was imported."""

    month: Month
    amount: Decimal | None
    percent: float
    is_under_way: bool


def volume_section(outlet: Outlet, reader: Person, today: date) -> Section:
    now = Month.of_date(today)
    months = months_until(now, MONTHS)
    amounts = volumes_of([outlet.id], months).get(outlet.id, {})
    uses = uses_of(outlet.id, fee_months(now))
    values = {"bars": volume_bars(amounts, months, now), "signs": churn_signs(amounts, uses.last_on, today), "last_on": uses.last_on}
    values |= {"proposal": fee_proposal(outlet, amounts, uses, today), "may_adopt": may_decide(reader, outlet), "outlet": outlet}
    return Section("", "", "imports/_outlet_volume.html", values)


def volume_bars(amounts: dict[Month, Decimal], months: list[Month], now: Month) -> list[Bar]:
    """One bar a month from the first with transactions on, on a common scale from 0; more refunds than payments have no length."""
    known = [month for month in months if month in amounts]
    most = max([*amounts.values(), Decimal(0)])
    bars = []
    for month in months[months.index(known[0]) :] if known else []:
        amount = amounts.get(month)
        share = float(max(amount, Decimal(0)) / most) if amount is not None and most > 0 else 0.0
        bars.append(Bar(month, amount, round(100 * share, 1), month == now))
    return bars
