"""Findings that the facts propose 考核事项 (RULEBOOK §10, §11): of which kind, for which month, outlet and rep.

`key` names what a finding is about, so that it is proposed once; features build the same keys.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from server.domain.assignments import after_losses, responsible_on
from server.domain.callbacks import finding_kind, is_struck_out
from server.domain.churn import churn_state, is_charged
from server.domain.company_facts import CallBackRecord, CompanyFacts, OutletRecord
from server.domain.complaints import ComplaintFacts, complaint_findings
from server.domain.deadlines import complaint_due_on, delivery_due_on, is_late
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.visit_acceptance import visit_verdict
from server.domain.visit_frequency import counted_dates, visits_owed

PolicyOf = Callable[[Month], Policy]


@dataclass(frozen=True)
class ProposedFinding:
    key: str
    kind: str
    month: Month
    person_id: str
    outlet_id: str


@dataclass(frozen=True)
class OutletCount:
    """What an outlet owed and got in a month; `visit_ids` are the visits that count, one a date."""

    owed: int
    visit_ids: tuple[str, ...]


def proposed_findings(company: CompanyFacts, today: date, policy_of: PolicyOf) -> dict[str, ProposedFinding]:
    """All findings that the facts up to today propose, by key."""
    found: dict[str, ProposedFinding] = {}
    for rule in (_from_visits, _from_callbacks, _from_complaints, _from_materials, _from_churn):
        for one in rule(company, today, policy_of):
            found.setdefault(one.key, one)
    return found


def outlet_count(company: CompanyFacts, outlet: OutletRecord, month: Month, policy: Policy) -> OutletCount:
    """Visits owed by the class on the month's first day, and those that count on different dates (RULEBOOK §4)."""
    owed = visits_owed(outlet.class_on(month.first_day), outlet.approved_on, outlet.account_made_on, outlet.churned_on, month, policy)
    counting: dict[date, str] = {}
    for visit in company.visits:
        is_here = visit.outlet_id == outlet.id and Month.of_date(visit.on) == month
        if is_here and visit_verdict(visit.facts, policy).counts:
            counting.setdefault(visit.on, visit.id)
    return OutletCount(owed, tuple(counting[day] for day in counted_dates(counting, policy)))


def losses(company: CompanyFacts, proposed: dict[str, ProposedFinding] | None = None) -> list[tuple[str, date]]:
    """Outlets that their rep loses, and when: struck out by call-back that day, late materials on the day of the decision."""
    lost = [(one.outlet_id, one.on) for one in company.callbacks if one.kind == "new_customer" and is_struck_out(one.outcome)]
    late = {key: one for key, one in (proposed or {}).items() if one.kind == "late_materials"}
    return lost + [(late[word.key].outlet_id, word.on) for word in company.decisions if word.is_upheld and word.key in late]


def _from_visits(company: CompanyFacts, today: date, policy_of: PolicyOf) -> Iterator[ProposedFinding]:
    periods = after_losses(company.periods, losses(company))
    for month in _months_before(company, today):
        for outlet in company.outlets:
            count = outlet_count(company, outlet, month, policy_of(month))
            rep = responsible_on(outlet.id, month.last_day, periods)
            if rep is not None and count.owed > len(count.visit_ids):
                yield ProposedFinding(missed_visit_key(outlet.id, month), "missed_visit", month, rep, outlet.id)


def missed_visit_key(outlet_id: str, month: Month) -> str:
    """A miss costs once per outlet and month, whoever notices it."""
    return f"missed_visit:{outlet_id}:{month}"


def _months_before(company: CompanyFacts, today: date) -> list[Month]:
    """Months that are over, from the first one in which an outlet could owe a visit."""
    starts = [outlet.approved_on for outlet in company.outlets if outlet.approved_on is not None]
    if not starts:
        return []
    month, found = Month.of_date(min(starts)), []
    while month.last_day < today:
        found.append(month)
        month = month.next()
    return found


def _from_callbacks(company: CompanyFacts, _today: date, policy_of: PolicyOf) -> Iterator[ProposedFinding]:
    outlets = {outlet.id: outlet for outlet in company.outlets}
    for call in company.callbacks:
        month = Month.of_date(call.on)
        kind = finding_kind(call.kind, call.outcome, outlets[call.outlet_id].first_use_on, call.on, policy_of(month))
        about = _about(call, kind, month)
        day = about.last_day if kind == "missed_visit" else call.on
        rep = responsible_on(call.outlet_id, day, after_losses(company.periods, losses(company)))
        if kind is not None and rep is not None:
            yield ProposedFinding(_callback_key(call, kind, about), kind, about, rep, call.outlet_id)


def _about(call: CallBackRecord, kind: str | None, month: Month) -> Month:
    """A visit that was not made belongs to the month asked about; the others to that of the call."""
    return Month.parse(call.about_month) if kind == "missed_visit" and call.about_month else month


def _callback_key(call: CallBackRecord, kind: str, month: Month) -> str:
    if kind == "missed_visit":
        return missed_visit_key(call.outlet_id, month)
    return f"{kind}:{call.outlet_id}" if kind == "inaccurate_file" else f"{kind}:{call.id}"


def _from_complaints(company: CompanyFacts, today: date, policy_of: PolicyOf) -> Iterator[ProposedFinding]:
    for one in company.complaints:
        due_on = complaint_due_on(one.received_on, company.years, policy_of(Month.of_date(one.received_on)))
        facts = ComplaintFacts(one.received_on, due_on, one.is_about_rep, one.resolved_on, one.verdict)
        rep = responsible_on(one.outlet_id, one.received_on, after_losses(company.periods, losses(company)))
        for kind in complaint_findings(facts, today):
            if rep is not None:
                yield ProposedFinding(f"{kind}:{one.id}", kind, Month.of_date(due_on), rep, one.outlet_id)


def _from_materials(company: CompanyFacts, today: date, policy_of: PolicyOf) -> Iterator[ProposedFinding]:
    """Late materials cost once per outlet and month (RULEBOOK §11)."""
    for one in sorted(company.materials, key=lambda one: (one.requested_on, one.id)):
        due_on = delivery_due_on(one.requested_on, company.years, policy_of(Month.of_date(one.requested_on)))
        rep = responsible_on(one.outlet_id, due_on, after_losses(company.periods, losses(company)))
        if rep is not None and is_late(due_on, one.delivered_on, today):
            month = Month.of_date(due_on)
            yield ProposedFinding(f"late_materials:{one.outlet_id}:{month}", "late_materials", month, rep, one.outlet_id)


def _from_churn(company: CompanyFacts, today: date, policy_of: PolicyOf) -> Iterator[ProposedFinding]:
    """The rep of the day the customer was listed; DECISION: the month of the decision."""
    for one in company.churn:
        decided_on = one.decided_on or max((word.on for word in one.words), default=today)
        policy = policy_of(Month.of_date(one.listed_on))
        state = churn_state(one.listed_on, one.words, today, company.years, policy)
        rep = responsible_on(one.outlet_id, one.listed_on, after_losses(company.periods, losses(company)))
        if rep is not None and is_charged(state, one.reason):
            yield ProposedFinding(f"churned:{one.id}", "churned", Month.of_date(decided_on), rep, one.outlet_id)
