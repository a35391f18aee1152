"""What the business knows, as plain records: the facts that scenarios state and that the rules turn into wages (RULEBOOK §2-§10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from server.domain.assignments import AssignmentPeriod
from server.domain.churn import Word
from server.domain.new_customers import Transfer
from server.domain.visit_acceptance import VisitFacts
from server.domain.working_days import WorkingYear


@dataclass(frozen=True)
class PersonRecord:
    """A rep from a day on, up to and with a day; None is open. `breaks` are days away between, (first, last)."""

    id: str
    starts_on: date | None = None
    ends_on: date | None = None
    breaks: tuple[tuple[date, date], ...] = ()

    def works_on(self, day: date) -> bool:
        is_within = (self.starts_on or day) <= day <= (self.ends_on or day)
        return is_within and not any(first <= day <= last for first, last in self.breaks)


@dataclass(frozen=True)
class OutletRecord:
    """An outlet file. `classes` are (from day, letter), ascending; `transfers` in yuan, refunds negative."""

    id: str
    classes: tuple[tuple[date, str], ...]
    approved_on: date | None = None
    account_made_on: date | None = None
    churned_on: date | None = None
    missing_fields: tuple[str, ...] = ()
    transfers: tuple[Transfer, ...] = ()

    def class_on(self, day: date) -> str:
        """The class in force on a day; a change dated that day holds. The first one known before it."""
        known = [letter for since, letter in self.classes if since <= day]
        return known[-1] if known else self.classes[0][1]

    @property
    def first_use_on(self) -> date | None:
        """The day of the first transfer."""
        return min((one.on for one in self.transfers if one.amount_yuan > 0), default=None)


@dataclass(frozen=True)
class VisitRecord:
    id: str
    outlet_id: str
    on: date
    facts: VisitFacts


@dataclass(frozen=True)
class CallBackRecord:
    """A call made. `asked_on` is the day of the customer's question (training; None: the call's), `about_month` the month asked
    about (inspection; empty: the call's)."""

    id: str
    outlet_id: str
    kind: str
    outcome: str
    on: date
    about_month: str = ""
    asked_on: date | None = None


@dataclass(frozen=True)
class ComplaintRecord:
    """`verdict` is None until investigated, else founded or unfounded."""

    id: str
    outlet_id: str
    received_on: date
    is_about_rep: bool = False
    resolved_on: date | None = None
    verdict: str | None = None


@dataclass(frozen=True)
class MaterialRecord:
    id: str
    outlet_id: str
    requested_on: date
    delivered_on: date | None = None


@dataclass(frozen=True)
class ChurnRecord:
    """`reason` is ops' mark: empty, or one of the normal reasons."""

    id: str
    outlet_id: str
    listed_on: date
    decided_on: date | None = None
    words: tuple[Word, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class TrainingRecord:
    """A completed training; that of a new customer is no part of the plan."""

    id: str
    outlet_id: str
    on: date
    is_new_customer: bool = False


@dataclass(frozen=True)
class PlannedTraining:
    outlet_id: str
    month: str


@dataclass(frozen=True)
class PlannedVisits:
    """How often the supervisor's plan has an outlet visited in a month; the plan never holds less than is owed."""

    outlet_id: str
    month: str
    visits: int


@dataclass(frozen=True)
class Decision:
    """The manager's word on a proposed finding, by its key."""

    key: str
    is_upheld: bool
    on: date


@dataclass(frozen=True)
class CompanyFacts:
    people: tuple[PersonRecord, ...] = ()
    outlets: tuple[OutletRecord, ...] = ()
    periods: tuple[AssignmentPeriod, ...] = ()
    visits: tuple[VisitRecord, ...] = ()
    planned_visits: tuple[PlannedVisits, ...] = ()
    trainings: tuple[TrainingRecord, ...] = ()
    planned_trainings: tuple[PlannedTraining, ...] = ()
    callbacks: tuple[CallBackRecord, ...] = ()
    complaints: tuple[ComplaintRecord, ...] = ()
    materials: tuple[MaterialRecord, ...] = ()
    churn: tuple[ChurnRecord, ...] = ()
    decisions: tuple[Decision, ...] = ()
    years: Mapping[int, WorkingYear] = field(default_factory=dict)
