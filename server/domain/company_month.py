"""A month of the company: what each rep is paid by, from the facts alone (RULEBOOK §10, §11). Scenarios stand on it."""

from datetime import date, timedelta

from server.domain.assignments import AssignmentPeriod, responsible_on
from server.domain.callbacks import is_struck_out
from server.domain.churn import is_past_churn
from server.domain.company_facts import CompanyFacts, OutletRecord, PersonRecord
from server.domain.complaints import ComplaintFacts, counts_against_award
from server.domain.deadlines import complaint_due_on
from server.domain.months import Month
from server.domain.new_customers import NewCustomerFacts, new_customer_verdict
from server.domain.policy import Policy
from server.domain.proposed_findings import PolicyOf, ProposedFinding, outlet_count, periods_in_force, proposed_findings, with_known_churn
from server.domain.training_due import plan_day, training_period
from server.domain.transaction_volume import month_volume
from server.domain.wage_facts import ActiveDays, Evidence, PlannedOutlet, UpheldFinding, WageFacts, once_per_outlet
from server.domain.working_days import is_working_day


def wage_facts(company: CompanyFacts, month: Month, today: date, policy_of: PolicyOf) -> dict[str, WageFacts]:
    """What each rep's month is paid by, by person id, as known today. A running month's volume is an estimate up to yesterday."""
    company = with_known_churn(company, today, policy_of)
    proposed = proposed_findings(company, today, policy_of)
    periods = periods_in_force(company, today, policy_of)
    return {person.id: _facts_of(person, company, month, today, policy_of, proposed, periods) for person in company.people}


def _facts_of(
    person: PersonRecord,
    company: CompanyFacts,
    month: Month,
    today: date,
    policy_of: PolicyOf,
    proposed: dict[str, ProposedFinding],
    periods: tuple[AssignmentPeriod, ...],
) -> WageFacts:
    own = [outlet for outlet in company.outlets if responsible_on(outlet.id, month.last_day, periods) == person.id]
    until = today - timedelta(days=1) if today <= month.last_day else None
    return WageFacts(
        person_id=person.id,
        month=month,
        active=active_days(person, company, month),
        new_customers=_new_customers(person, company, month, policy_of),
        volume=month_volume([outlet.id for outlet in own], {outlet.id: outlet.transfers for outlet in own}, month, until),
        has_outlets=any(period.person_id == person.id and period.meets(month) for period in periods),
        complaints=_complaints(person, company, month, policy_of, periods),
        visit_plan=_visit_plan(own, company, month, policy_of, proposed),
        training_plan=_training_plan(own, company, month, policy_of(month)),
        findings=_upheld(person, company, month, proposed),
    )


def active_days(person: PersonRecord, company: CompanyFacts, month: Month) -> ActiveDays:
    """The person's days in the month, and its working days."""
    days = [month.first_day + timedelta(days=step) for step in range((month.last_day - month.first_day).days + 1)]
    own = [day for day in days if person.works_on(day)]
    working = sum(is_working_day(day, company.years) for day in own)
    return ActiveDays(bool(own), working, sum(is_working_day(day, company.years) for day in days))


def _new_customers(person: PersonRecord, company: CompanyFacts, month: Month, policy_of: PolicyOf) -> tuple[Evidence, ...]:
    """The rep of the day the account was made is paid, whoever has the outlet later."""
    struck_out = {one.outlet_id for one in company.callbacks if one.kind == "new_customer" and is_struck_out(one.outcome)}
    found = []
    for outlet in company.outlets:
        made_on = outlet.account_made_on
        if made_on is None or responsible_on(outlet.id, made_on, company.periods) != person.id:
            continue
        facts = NewCustomerFacts(made_on, outlet.transfers, outlet.missing_fields, outlet.id in struck_out)
        if new_customer_verdict(facts, month, policy_of(month)).counts:
            found.append(Evidence("outlet", outlet.id))
    return tuple(found)


def _complaints(
    person: PersonRecord, company: CompanyFacts, month: Month, policy_of: PolicyOf, periods: tuple[AssignmentPeriod, ...]
) -> tuple[Evidence, ...]:
    found = []
    for one in company.complaints:
        is_own = responsible_on(one.outlet_id, one.received_on, periods) == person.id
        due_on = complaint_due_on(one.received_on, company.years, policy_of(Month.of_date(one.received_on)))
        facts = ComplaintFacts(one.received_on, due_on, one.is_about_rep, one.resolved_on, one.verdict)
        if is_own and Month.of_date(one.received_on) == month and counts_against_award(facts):
            found.append(Evidence("complaint", one.id))
    return tuple(found)


def _visit_plan(
    own: list[OutletRecord], company: CompanyFacts, month: Month, policy_of: PolicyOf, proposed: dict[str, ProposedFinding]
) -> tuple[PlannedOutlet, ...]:
    """A month's plan holds at least the visits owed (RULEBOOK §11); a dismissed miss excuses its outlet."""
    dismissed = {proposed[word.key].outlet_id for word in company.decisions if _is_dismissed_miss(word.key, word.is_upheld, month, proposed)}
    counts = [(outlet.id, outlet_count(company, outlet, month, policy_of(month))) for outlet in own]
    return tuple(
        PlannedOutlet(outlet_id, count.planned, len(count.visit_ids), count.visit_ids, outlet_id in dismissed)
        for outlet_id, count in counts
        if count.planned
    )


def _is_dismissed_miss(key: str, is_upheld: bool, month: Month, proposed: dict[str, ProposedFinding]) -> bool:
    finding = proposed.get(key)
    return finding is not None and finding.kind == "missed_visit" and finding.month == month and not is_upheld


def _training_plan(own: list[OutletRecord], company: CompanyFacts, month: Month, policy: Policy) -> tuple[PlannedOutlet, ...]:
    """A plan item moves with its outlet, and falls away from the month after churn; done by a training in the month or, as policy says,
    earlier in the period of the outlet's class on the plan's day; that of a new customer aside."""
    ids = {outlet.id: _done_from(outlet, month, policy) for outlet in own if not is_past_churn(outlet.churned_on, month)}
    planned = [one.outlet_id for one in company.planned_trainings if one.month == str(month) and one.outlet_id in ids]
    done = {
        outlet_id: tuple(
            one.id
            for one in company.trainings
            if one.outlet_id == outlet_id and ids[outlet_id] <= one.on <= month.last_day and not one.is_new_customer
        )
        for outlet_id in planned
    }
    return tuple(PlannedOutlet(outlet_id, 1, len(done[outlet_id]), done[outlet_id]) for outlet_id in dict.fromkeys(planned))


def _done_from(outlet: OutletRecord, month: Month, policy: Policy) -> date:
    if not policy.flag("training.early_counts"):
        return month.first_day
    return training_period(outlet.class_on(plan_day(month, policy)), month, policy)[0].first_day


def _upheld(person: PersonRecord, company: CompanyFacts, month: Month, proposed: dict[str, ProposedFinding]) -> tuple[UpheldFinding, ...]:
    upheld = [proposed[word.key] for word in company.decisions if word.is_upheld and word.key in proposed]
    own = [one for one in upheld if one.month == month and one.person_id == person.id]
    return once_per_outlet(UpheldFinding(one.key, one.kind, one.outlet_id) for one in own)
