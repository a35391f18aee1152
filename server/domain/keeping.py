"""How long proof of wages is kept (工资支付暂行规定 §6: two years at least), counted from the day the wages were settled."""

from datetime import date, timedelta


def kept_until(settled_on: date, years: int) -> date:
    """The last day on which the proof is kept: the same day of the year, of a 29 February the 28th."""
    year = settled_on.year + years
    try:
        return settled_on.replace(year=year)
    except ValueError:
        return date(year, 3, 1) - timedelta(days=1)


def is_kept(settled_on: date, years: int, today: date) -> bool:
    """Whether the proof is still kept; the last day counts."""
    return today <= kept_until(settled_on, years)
