"""A month's training plan from the facts of a company, as made on the plan's day (RULEBOOK §5, §11). Scenarios stand on it."""

from decimal import Decimal

from server.domain.company_facts import CompanyFacts, OutletRecord
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.training_due import TrainingCandidate, plan_day, training_plan
from server.domain.transaction_volume import month_volume


def trainings_due(company: CompanyFacts, month: Month, policy: Policy) -> tuple[str, ...]:
    """Outlet ids that the plan of a month holds, most falling volume first, by what is known on the plan's day.

    `policy` is that of the month. Volume is compared between the last two months that are over on that day.
    """
    return training_plan([_candidate(outlet, company, month, policy) for outlet in company.outlets], month, policy)


def _candidate(outlet: OutletRecord, company: CompanyFacts, month: Month, policy: Policy) -> TrainingCandidate:
    made_on = plan_day(month, policy)
    is_known = outlet.approved_on is not None and outlet.approved_on <= made_on
    return TrainingCandidate(
        outlet_id=outlet.id,
        outlet_class=outlet.class_on(made_on),
        approved_on=outlet.approved_on if is_known else None,
        account_made_on=outlet.account_made_on,
        churned_on=outlet.churned_on,
        trained_on=tuple(one.on for one in company.trainings if one.outlet_id == outlet.id and not one.is_new_customer and one.on <= made_on),
        volume_change_yuan=_volume_change_yuan(outlet, month),
    )


def _volume_change_yuan(outlet: OutletRecord, month: Month) -> Decimal:
    volume = month_volume([outlet.id], {outlet.id: outlet.transfers}, month.previous().previous())
    return volume.this_yuan - volume.last_yuan
