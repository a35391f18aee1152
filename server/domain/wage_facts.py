"""All that one person's month is paid by (RULEBOOK §10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from server.domain.months import Month
from server.domain.wage_kinds import ONCE_PER_OUTLET

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Evidence:
    """A record behind a line: `kind` is a table's word, such as visit or finding."""

    kind: str
    id: str


@dataclass(frozen=True)
class PlannedOutlet:
    """An outlet of the month's plan: how often planned, how often done, and by which records; excused when the manager dismissed its miss."""

    outlet_id: str
    planned: int
    counted: int
    record_ids: tuple[str, ...] = ()
    is_excused: bool = False

    @property
    def is_done(self) -> bool:
        return self.is_excused or self.counted >= self.planned


@dataclass(frozen=True)
class ActiveDays:
    """The person's days in the month: any at all, and working days of all there are."""

    has_any: bool
    working: int = 0
    of_working: int = 0


@dataclass(frozen=True)
class Volume:
    """Transactions of the rep's customers in yuan, this month and last, the same set; an estimate while the month runs."""

    this_yuan: Decimal = NOTHING
    last_yuan: Decimal = NOTHING
    is_estimate: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class UpheldFinding:
    finding_id: str
    kind: str
    outlet_id: str | None = None


@dataclass(frozen=True)
class Adjustment:
    """What an earlier, closed month should have paid more (or less) for one kind of line; signed, in yuan."""

    of_month: Month
    kind: str
    amount_yuan: Decimal
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class WageFacts:
    """`new_customers` are the outlets that count; `complaints` those that stand against the award; `carried` what the cap left undeducted
    of earlier months, below 0."""

    person_id: str
    month: Month
    active: ActiveDays
    new_customers: tuple[Evidence, ...] = ()
    volume: Volume = Volume()
    has_outlets: bool = False
    complaints: tuple[Evidence, ...] = ()
    visit_plan: tuple[PlannedOutlet, ...] = ()
    training_plan: tuple[PlannedOutlet, ...] = ()
    findings: tuple[UpheldFinding, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    carried: tuple[Adjustment, ...] = ()


def once_per_outlet(findings: Iterable[UpheldFinding]) -> tuple[UpheldFinding, ...]:
    """One person's findings of a month without the later ones, at one outlet, of a kind that costs once there (RULEBOOK §11)."""
    kept: dict[tuple[str, str], UpheldFinding] = {}
    for one in findings:
        key = (one.kind, one.outlet_id) if one.outlet_id and one.kind in ONCE_PER_OUTLET else ("", one.finding_id)
        kept.setdefault(key, one)
    return tuple(kept.values())
