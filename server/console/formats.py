"""How values are written on pages: Shanghai time, tabular numbers, a real minus sign, "—" for nothing."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from flask_babel import gettext, lazy_gettext

from server.domain.months import SHANGHAI, Month
from server.language import chosen_language

NOTHING = "—"
MINUS = "\N{MINUS SIGN}"
WEEKDAYS = (
    lazy_gettext("周一"),
    lazy_gettext("周二"),
    lazy_gettext("周三"),
    lazy_gettext("周四"),
    lazy_gettext("周五"),
    lazy_gettext("周六"),
    lazy_gettext("周日"),
)
LEAST_DIGITS, MOST_DIGITS = 3, 15  # of a phone number: 110, and E.164
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date | None) -> str:
    """11-20."""
    return NOTHING if value is None else f"{value:%m-%d}"


def full_day(value: date | None) -> str:
    """2026-11-20."""
    return NOTHING if value is None else value.isoformat()


def moment(value: datetime | None) -> str:
    """11-20 11:10."""
    return NOTHING if value is None else f"{value.astimezone(SHANGHAI):%m-%d %H:%M}"


def exact(value: datetime | None) -> str:
    """2026-11-20 11:10:05."""
    return NOTHING if value is None else f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def camera_time(text: str | None) -> str:
    """What a photo's file says, as `exact` writes it: with a zone in Shanghai time, without one as it stands; what is no time stays as it is."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return text or NOTHING
    return exact(found) if found.tzinfo else f"{found:%Y-%m-%d %H:%M:%S}"


def clock(value: datetime | None) -> str:
    """11:10."""
    return NOTHING if value is None else f"{value.astimezone(SHANGHAI):%H:%M}"


def weekday(value: date) -> str:
    return str(WEEKDAYS[value.weekday()])


def month_name(month: Month) -> str:
    """2026年11月, or Nov 2026."""
    return f"{MONTH_NAMES[month.month - 1]} {month.year}" if chosen_language() == "en" else f"{month.year}年{month.month}月"


def short_month(month: Month) -> str:
    """11月, or Nov."""
    return MONTH_NAMES[month.month - 1] if chosen_language() == "en" else f"{month.month}月"


def yuan(amount: Decimal | None) -> str:
    """1,100.00, with a real minus sign."""
    return NOTHING if amount is None else f"{amount:,.2f}".replace("-", MINUS)


def amount(value: Decimal | int | None) -> str:
    """A quantity without needless zeros: 98,640 or 86.5."""
    if value is None:
        return NOTHING
    whole = f"{Decimal(value):,f}"
    return (whole.rstrip("0").rstrip(".") if "." in whole else whole).replace("-", MINUS)


def metres(distance_m: float | None) -> str:
    """41 m, or 3.5 km from a kilometre on."""
    if distance_m is None:
        return NOTHING
    return f"{distance_m:.0f} m" if distance_m < 999.5 else f"{distance_m / 1000:.1f} km"


def percent(part: float, whole: float) -> int:
    """A whole number from 0 to 100, which only all of it reaches; 0 of 0 is all of it."""
    return 100 if whole <= part or whole <= 0 else max(0, min(99, round(100 * part / whole)))


def share(part: float, whole: float) -> str:
    """92%, or a dash where there is nothing to have a part of."""
    return f"{percent(part, whole)}%" if whole > 0 else NOTHING


def short_hash(digest: str | None) -> str:
    return NOTHING if not digest else f"{digest[:4]}…{digest[-4:]}"


def duration(start: datetime, end: datetime) -> str:
    """How long, in minutes."""
    return gettext("%(minutes)s 分钟", minutes=round((end - start).total_seconds() / 60))


def time_span(time: timedelta) -> str:
    """How long, in hours and minutes: 14 分钟, 2 小时 44 分."""
    minutes = round(abs(time).total_seconds() / 60)
    if minutes < 60:
        return gettext("%(minutes)s 分钟", minutes=minutes)
    return gettext("%(hours)s 小时 %(minutes)s 分", hours=minutes // 60, minutes=minutes % 60)


def age(since: datetime, now: datetime) -> str:
    """How long ago: minutes, from an hour on hours, from two days on days."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 60:
        return gettext("%(minutes)s 分钟", minutes=minutes)
    return gettext("%(hours)s 小时", hours=minutes // 60) if minutes < 48 * 60 else gettext("%(days)s 天", days=minutes // 1440)


def dialled(phone: str | None) -> str:
    """What a phone dials: the digits before any extension 转; empty for what is no number."""
    number = "".join(sign for sign in re.split(r"转|ext|#", (phone or "").lower())[0] if sign in "+0123456789")
    return number if LEAST_DIGITS <= len(number) <= MOST_DIGITS else ""


def pairs(rows: list[tuple[str, ...]]) -> list[tuple[str, str]]:
    """The first two parts of each row, as options of a select."""
    return [(row[0], row[1]) for row in rows]


def month_pairs(months: list[Month]) -> list[tuple[str, str]]:
    return [(str(month), month_name(month)) for month in months]


def pair_up(texts: list[str]) -> list[tuple[str, str]]:
    """Texts that are their own words, as options of a select."""
    return [(text, text) for text in texts]


FILTERS = {
    "day": day,
    "full_day": full_day,
    "moment": moment,
    "exact": exact,
    "camera_time": camera_time,
    "clock": clock,
    "weekday": weekday,
    "month_name": month_name,
    "short_month": short_month,
    "yuan": yuan,
    "amount": amount,
    "metres": metres,
    "short_hash": short_hash,
    "age": age,
    "time_span": time_span,
    "dialled": dialled,
    "pairs": pairs,
    "pair_up": pair_up,
    "month_pairs": month_pairs,
}
