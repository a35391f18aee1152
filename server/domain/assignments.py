"""Who is responsible for an outlet on a day 片区负责人 (RULEBOOK §1, §11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from server.domain.months import Month


@dataclass(frozen=True)
class AssignmentPeriod:
    """A rep's time with an outlet, both days included; `ends_on` None is open."""

    outlet_id: str
    person_id: str
    starts_on: date
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def meets(self, month: Month) -> bool:
        """Whether any day of the month lies in it."""
        return self.starts_on <= month.last_day and (self.ends_on is None or self.ends_on >= month.first_day)


def responsible_on(outlet_id: str, day: date, periods: Iterable[AssignmentPeriod]) -> str | None:
    """The rep responsible that day; None while the outlet is in the region's pool."""
    return next((period.person_id for period in periods if period.outlet_id == outlet_id and period.holds_on(day)), None)


def after_losses(periods: Iterable[AssignmentPeriod], losses: Iterable[tuple[str, date]]) -> tuple[AssignmentPeriod, ...]:
    """The periods with ownership ended by (outlet, day): that day the outlet has no rep any more (RULEBOOK §11).

    Only the period under way on the day ends; a later assignment stands.
    """
    kept = tuple(periods)
    for outlet_id, day in sorted(losses, key=lambda loss: loss[1]):
        kept = tuple(cut for period in kept if (cut := _ended(period, outlet_id, day)) is not None)
    return kept


def _ended(period: AssignmentPeriod, outlet_id: str, day: date) -> AssignmentPeriod | None:
    if period.outlet_id != outlet_id or not period.holds_on(day):
        return period
    if period.starts_on == day:
        return None
    return AssignmentPeriod(outlet_id, period.person_id, period.starts_on, date.fromordinal(day.toordinal() - 1))
