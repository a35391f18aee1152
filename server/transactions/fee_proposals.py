"""月收费额 proposed from transactions, and taken into the file by whoever decides about it (RULEBOOK §11)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from server.audit.actions import record_audit
from server.db import db
from server.domain.fee_proposal import fee_months, is_worth_proposing, proposed_fee
from server.domain.months import Month, business_date
from server.domain.outlet_class import ClassInputs, outlet_class
from server.domain.policy import Policy
from server.outlets.edits import field_value, set_outlet_field
from server.outlets.fields import Writer
from server.outlets.models import Outlet, OutletState
from server.policy.queries import policy_of
from server.transactions.queries import Uses, uses_of, volumes_of
from sync.problems import Problem

ADOPTED = "outlet.fee_adopted"
CUSTOMERS = (OutletState.APPROVED, OutletState.ARCHIVED)


@dataclass(frozen=True)
class FeeProposal:
    """Yuan a month, the months that it was made from, and the class that the outlet would have with it."""

    yuan: Decimal
    first: Month
    last: Month
    outlet_class: str


def fee_proposal(outlet: Outlet, amounts: dict[Month, Decimal], uses: Uses, today: date) -> FeeProposal | None:
    """What a customer's sums by month speak for; both are of `fee_months` at least. None where the file says about the same, or they say nothing."""
    if outlet.state not in CUSTOMERS or outlet.removed_at is not None or outlet.churned_on is not None:
        return None
    now = Month.of_date(today)
    months = fee_months(now)
    found = proposed_fee(amounts, uses.months_in, Month.of_date(uses.first_on), now) if uses.first_on else None
    if found is None:
        return None
    policy = policy_of(now)
    letter, letter_now = (_class_with(outlet, fee, policy) for fee in (found, outlet.monthly_fee_yuan))
    is_worth = is_worth_proposing(outlet.monthly_fee_yuan, found, letter != letter_now, policy.integer("file.fee_proposal_percent"))
    return FeeProposal(found, months[0], months[-1], letter) if is_worth else None


def _class_with(outlet: Outlet, fee: Decimal | None, policy: Policy) -> str:
    """The class stored may be that of an earlier policy, so both are worked out."""
    return outlet_class(ClassInputs(outlet.chain_outlets, outlet.is_franchised_or_own_hall, outlet.floor_area_m2, fee), policy).outlet_class


def adopt_fee(outlet_id: str, seen: str, by_id: str, now: datetime) -> Decimal:
    """Write the proposal into the file, which computes the class anew from today on. Commits.

    `seen` is the amount that the person read; raises `stale` when transactions or the file speak for another one by now.
    """
    outlet = db.session.get_one(Outlet, outlet_id, with_for_update=True)
    today = business_date(now)
    months = fee_months(Month.of_date(today))
    proposal = fee_proposal(outlet, volumes_of([outlet_id], months).get(outlet_id, {}), uses_of(outlet_id, months), today)
    if proposal is None or str(proposal.yuan) != seen:
        raise Problem("stale", f"fee of {outlet_id}")
    before = _told(outlet)
    set_outlet_field(outlet_id, "monthly_fee_yuan", seen, Writer(by_id, now))
    record_audit(now, by_id, ADOPTED, ("outlet", outlet_id), before=before, after=_told(outlet))
    db.session.commit()
    return proposal.yuan


def _told(outlet: Outlet) -> dict[str, str | None]:
    return {"monthly_fee_yuan": field_value(outlet.id, "monthly_fee_yuan"), "outlet_class": outlet.outlet_class}
