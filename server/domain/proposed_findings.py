"""Findings that the facts propose 考核事项 (RULEBOOK §10, §11): of which kind, for which month, outlet and rep.

`key` names what a finding is about, so that it is proposed once; features build the same keys.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from server.domain.assignments import AssignmentPeriod, after_losses, responsible_on
from server.domain.callbacks import finding_kind, is_struck_out
from server.domain.churn import ChurnState, churn_decided_on, churn_state, is_charged
from server.domain.company_facts import CallBackRecord, ChurnRecord, CompanyFacts, OutletRecord
from server.domain.complaints import ComplaintFacts, complaint_findings
from server.domain.deadlines import complaint_due_on, delivery_due_on, is_late
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.visit_acceptance import visit_verdict
from server.domain.visit_frequency import counted_dates, visits_owed, visits_planned
from server.domain.wage_kinds import ONCE_PER_OUTLET

PolicyOf = Callable[[Month], Policy]
Periods = tuple[AssignmentPeriod, ...]


@dataclass(frozen=True)
class ProposedFinding:
    key: str
    kind: str
    month: Month
    person_id: str
    outlet_id: str


@dataclass(frozen=True)
class OutletCount:
    """What an outlet owed, had planned and got in a month; `visit_ids` are the visits that count, one a date."""

    owed: int
    planned: int
    visit_ids: tuple[str, ...]


def proposed_findings(company: CompanyFacts, today: date, policy_of: PolicyOf) -> dict[str, ProposedFinding]:
    """All findings that the facts up to today propose, by key."""
    company = with_known_churn(company, today, policy_of)
    late, periods = _late_materials(company, today, policy_of)
    found: dict[str, ProposedFinding] = {}
    for rule in (_from_visits, _from_callbacks, _from_complaints, _from_churn):
        for one in rule(company, today, policy_of, periods):
            found.setdefault(one.key, one)
    return found | late


def periods_in_force(company: CompanyFacts, today: date, policy_of: PolicyOf) -> Periods:
    """Who had which outlet, losses included: struck out by call-back that day, late materials on the day of the decision."""
    return _late_materials(company, today, policy_of)[1]


def with_known_churn(company: CompanyFacts, today: date, policy_of: PolicyOf) -> CompanyFacts:
    """The company with every outlet's churn dated by the case that decided it, charged or not."""
    decided: dict[str, date] = {}
    for case in company.churn:
        state, decided_on = _churn_of(case, company, today, policy_of)
        if state == ChurnState.CHURNED:
            decided[case.outlet_id] = min(decided_on, decided.get(case.outlet_id, decided_on))
    outlets = tuple(replace(outlet, churned_on=outlet.churned_on or decided.get(outlet.id)) for outlet in company.outlets)
    return replace(company, outlets=outlets)


def outlet_count(company: CompanyFacts, outlet: OutletRecord, month: Month, policy: Policy) -> OutletCount:
    """Visits owed by the class on the month's first day, those planned (at least the owed), and those that count on different
    dates (RULEBOOK §4, §11)."""
    owed = visits_owed(outlet.class_on(month.first_day), outlet.approved_on, outlet.account_made_on, outlet.churned_on, month, policy)
    days = max((one.visits for one in company.planned_visits if one.outlet_id == outlet.id and one.month == str(month)), default=0)
    planned = visits_planned(owed, days, outlet.churned_on, month)
    counting: dict[date, str] = {}
    for visit in company.visits:
        is_here = visit.outlet_id == outlet.id and Month.of_date(visit.on) == month
        if is_here and visit_verdict(visit.facts, policy).counts:
            counting.setdefault(visit.on, visit.id)
    return OutletCount(owed, planned, tuple(counting[day] for day in counted_dates(counting, policy)))


def outlet_key(kind: str, outlet_id: str, month: Month) -> str:
    """The key of a kind that costs once per outlet (RULEBOOK §11), whoever notices it."""
    return f"{kind}:{outlet_id}" if kind == "inaccurate_file" else f"{kind}:{outlet_id}:{month}"


def _from_visits(company: CompanyFacts, today: date, policy_of: PolicyOf, periods: Periods) -> Iterator[ProposedFinding]:
    for month in _months_before(company, today):
        for outlet in company.outlets:
            count = outlet_count(company, outlet, month, policy_of(month))
            rep = responsible_on(outlet.id, month.last_day, periods)
            if rep is not None and count.planned > len(count.visit_ids):
                yield ProposedFinding(outlet_key("missed_visit", outlet.id, month), "missed_visit", month, rep, outlet.id)


def _months_before(company: CompanyFacts, today: date) -> list[Month]:
    """Months that are over, from the first one in which an outlet could owe a visit or a visit was planned."""
    starts = [Month.of_date(outlet.approved_on) for outlet in company.outlets if outlet.approved_on is not None]
    starts += [Month.parse(one.month) for one in company.planned_visits]
    if not starts:
        return []
    month, found = min(starts), []
    while month.last_day < today:
        found.append(month)
        month = month.next()
    return found


def _from_callbacks(company: CompanyFacts, _today: date, policy_of: PolicyOf, periods: Periods) -> Iterator[ProposedFinding]:
    """The rep of the day of the call, by losses before it; for a visit not made that of the month's last day (RULEBOOK §11)."""
    outlets = {outlet.id: outlet for outlet in company.outlets}
    for call in sorted(company.callbacks, key=lambda one: (one.on, one.id)):
        month = Month.of_date(call.on)
        kind = finding_kind(call.kind, call.outcome, outlets[call.outlet_id].first_use_on, call.asked_on or call.on, policy_of(month))
        about = _about(call, kind, month)
        rep = responsible_on(call.outlet_id, about.last_day if kind == "missed_visit" else call.on, periods)
        if kind is not None and rep is not None:
            yield ProposedFinding(_callback_key(call, kind, about), kind, about, rep, call.outlet_id)


def _about(call: CallBackRecord, kind: str | None, month: Month) -> Month:
    """A visit that was not made belongs to the month asked about; the others to that of the call."""
    return Month.parse(call.about_month) if kind == "missed_visit" and call.about_month else month


def _callback_key(call: CallBackRecord, kind: str, month: Month) -> str:
    return outlet_key(kind, call.outlet_id, month) if kind in ONCE_PER_OUTLET else f"{kind}:{call.id}"


def _from_complaints(company: CompanyFacts, today: date, policy_of: PolicyOf, periods: Periods) -> Iterator[ProposedFinding]:
    for one in company.complaints:
        due_on = complaint_due_on(one.received_on, company.years, policy_of(Month.of_date(one.received_on)))
        facts = ComplaintFacts(one.received_on, due_on, one.is_about_rep, one.resolved_on, one.verdict)
        rep = responsible_on(one.outlet_id, one.received_on, periods)
        for kind in complaint_findings(facts, today):
            if rep is not None:
                yield ProposedFinding(f"{kind}:{one.id}", kind, Month.of_date(due_on), rep, one.outlet_id)


def _late_materials(company: CompanyFacts, today: date, policy_of: PolicyOf) -> tuple[dict[str, ProposedFinding], Periods]:
    """Late materials, once per outlet and month, and the periods that strike-outs and upheld late materials leave (RULEBOOK §11).

    An outlet lost by one late delivery has no rep when a later one falls due, so they are taken in the order of their deadlines.
    DECISION: only the rep who is charged loses the outlet; whoever has it since keeps it. Kinder to the rep.
    """
    struck_out = [(one.outlet_id, one.on) for one in company.callbacks if one.kind == "new_customer" and is_struck_out(one.outcome)]
    periods = after_losses(company.periods, struck_out)
    upheld_on = {word.key: word.on for word in company.decisions if word.is_upheld}
    due = [(delivery_due_on(one.requested_on, company.years, policy_of(Month.of_date(one.requested_on))), one) for one in company.materials]
    found: dict[str, ProposedFinding] = {}
    for due_on, one in sorted(due, key=lambda pair: (pair[0], pair[1].id)):
        rep, month = responsible_on(one.outlet_id, due_on, periods), Month.of_date(due_on)
        key = outlet_key("late_materials", one.outlet_id, month)
        if rep is None or key in found or not is_late(due_on, one.delivered_on, today):
            continue
        found[key] = ProposedFinding(key, "late_materials", month, rep, one.outlet_id)
        if key in upheld_on and responsible_on(one.outlet_id, upheld_on[key], periods) == rep:
            periods = after_losses(periods, [(one.outlet_id, upheld_on[key])])
    return found, periods


def _from_churn(company: CompanyFacts, today: date, policy_of: PolicyOf, periods: Periods) -> Iterator[ProposedFinding]:
    """The rep of the day the customer was listed; DECISION (RULEBOOK §11): the month of the decision."""
    for case in company.churn:
        state, decided_on = _churn_of(case, company, today, policy_of)
        rep = responsible_on(case.outlet_id, case.listed_on, periods)
        if rep is not None and is_charged(state, case.reason):
            yield ProposedFinding(f"churned:{case.id}", "churned", Month.of_date(decided_on), rep, case.outlet_id)


def _churn_of(case: ChurnRecord, company: CompanyFacts, today: date, policy_of: PolicyOf) -> tuple[ChurnState, date]:
    """What the case's words decide, and on which day; today while nothing is decided."""
    policy = policy_of(Month.of_date(case.listed_on))
    known = (case.listed_on, case.words, today, company.years, policy)
    return churn_state(*known), case.decided_on or churn_decided_on(*known) or today
