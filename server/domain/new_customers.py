"""New customers 新增客户 (RULEBOOK §10): who counts for the month the account was made, and why not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from server.domain.months import Month, same_day_later
from server.domain.policy import Policy

FILE_FIELDS = ("name", "person_in_charge", "address", "phone", "id_number", "photo")


@dataclass(frozen=True)
class Transfer:
    """Money that a customer moved on a day, in yuan; a refund is negative. A month's total stands on the month's last day."""

    on: date
    amount_yuan: Decimal
    is_month_total: bool = False


@dataclass(frozen=True)
class NewCustomerFacts:
    """`missing_fields` are those of `FILE_FIELDS` that the file lacks when the sheet is closed; `photo` is met by 门头 or 柜台."""

    account_made_on: date | None
    transfers: tuple[Transfer, ...] = ()
    missing_fields: tuple[str, ...] = ()
    is_struck_out: bool = False


@dataclass(frozen=True)
class NewCustomerVerdict:
    """`reasons` says why it does not count; `transferred_yuan` is net of refunds within the window."""

    counts: bool
    reasons: tuple[str, ...]
    transferred_yuan: Decimal


def new_customer_verdict(facts: NewCustomerFacts, month: Month, policy: Policy) -> NewCustomerVerdict:
    """Whether the outlet is a new customer of the month: account made in it, enough transferred, file complete, not struck out.

    DECISION (RULEBOOK §10, §11): the month is that in which the account was made, whatever the window.
    """
    if facts.account_made_on is None or Month.of_date(facts.account_made_on) != month:
        return NewCustomerVerdict(False, ("no_account_this_month",), Decimal("0.00"))
    total = transferred_yuan(facts.transfers, facts.account_made_on, policy)
    faults = {
        "not_enough_transferred": total < policy.decimal("customer.least_transfer_yuan"),
        **{f"missing_{name}": name in facts.missing_fields for name in FILE_FIELDS},
        "struck_out": facts.is_struck_out,
    }
    reasons = tuple(code for code, is_so in faults.items() if is_so)
    return NewCustomerVerdict(not reasons, reasons, total)


def transferred_yuan(transfers: Iterable[Transfer], account_made_on: date, policy: Policy) -> Decimal:
    """The sum within the window."""
    first, last = transfer_window(account_made_on, policy)
    return sum((one.amount_yuan for one in transfers if first <= one.on <= last), Decimal("0.00"))


def transfer_window(account_made_on: date, policy: Policy) -> tuple[date, date]:
    """First and last day whose transfers count: the calendar month of the account, or one month from its day on, that day of
    the next month included."""
    if policy.text("customer.window") == "calendar_month":
        return Month.of_date(account_made_on).first_day, Month.of_date(account_made_on).last_day
    return account_made_on, same_day_later(account_made_on, 1)
