"""The outlets of a scenario, with their classes, periods and transfers."""

from datetime import date
from itertools import pairwise
from typing import Any

from server.domain.assignments import AssignmentPeriod
from server.domain.company_facts import OutletRecord
from server.domain.new_customers import FILE_FIELDS, Transfer
from server.domain.outlet_class import CLASSES, ClassInputs, outlet_class
from server.domain.policy import Policy
from server.scenarios.shapes import ScenarioFault, Section, day_of, month_of, one_of, yuan_of

ALWAYS = date(2000, 1, 1)
Holder = tuple[str, date, date | None]


def outlets_of(top: Section, policy: Policy) -> tuple[list[OutletRecord], list[AssignmentPeriod]]:
    """All outlets and who had them; `count` multiplies one."""
    outlets: list[OutletRecord] = []
    periods: list[AssignmentPeriod] = []
    for row in top.sections("outlets"):
        name, count = str(row.need("id")), row.count_or_none("count")
        ids = [name] if count is None else [f"{name}-{number}" for number in range(1, count + 1)]
        classes, made = _classes(row, policy), _outlet(row)
        holders = _holders(row)
        row.done()
        for outlet_id in ids:
            outlets.append(OutletRecord(outlet_id, classes, **made))
            periods += [AssignmentPeriod(outlet_id, *holder) for holder in holders]
    if len({outlet.id for outlet in outlets}) < len(outlets):
        raise ScenarioFault(f"{top.place}.outlets: an id stands twice")
    return outlets, periods


def _classes(row: Section, policy: Policy) -> tuple[tuple[date, str], ...]:
    letter = row.take("class")
    inputs = ClassInputs(
        row.count_or_none("chain_outlets"),
        row.flag("own_hall", False) if "own_hall" in row.values else None,
        *(None if row.take(name) is None else yuan_of(row.take(name), f"{row.place}.{name}") for name in ("floor_area_m2", "monthly_fee_yuan")),
    )
    if letter is not None and inputs != ClassInputs():
        raise ScenarioFault(f"{row.place}: class and its inputs cannot both stand")
    first = _letter(letter, row.place) if letter is not None else outlet_class(inputs, policy).outlet_class
    changes = row.section("classes")
    later = [(day_of(day, changes.place), _letter(value, changes.place)) for day, value in changes.values.items()]
    return ((ALWAYS, first), *sorted(later))


def _letter(value: Any, place: str) -> str:
    if value not in CLASSES:
        raise ScenarioFault(f"{place}: {value} is no class")
    return str(value)


def _outlet(row: Section) -> dict[str, Any]:
    transfers = row.section("transfers")
    return {
        "approved_on": row.day_or_none("approved_on"),
        "account_made_on": row.day_or_none("account_made_on"),
        "churned_on": row.day_or_none("churned_on"),
        "missing_fields": tuple(one_of(name, FILE_FIELDS, f"{row.place}.missing") for name in row.listed("missing")),
        "transfers": tuple(Transfer(_transfer_day(day, row.place), yuan_of(amount, row.place)) for day, amount in transfers.values.items()),
    }


def _transfer_day(value: Any, place: str) -> date:
    """A month's total stands on the month's last day."""
    return month_of(value, place).last_day if len(str(value)) == 7 else day_of(value, place)


def _holders(row: Section) -> list[Holder]:
    """One rep from the start, or several one after another."""
    rep, holders = row.take("rep"), [_holder(one) for one in row.sections("reps")]
    if rep is not None and holders:
        raise ScenarioFault(f"{row.place}: rep and reps cannot both stand")
    holders.sort(key=lambda holder: holder[1])
    for (_, _, until), (_, begins, _) in pairwise(holders):
        if until is None or begins <= until:
            raise ScenarioFault(f"{row.place}.reps: two have it on {begins}")
    return holders if rep is None else [(str(rep), ALWAYS, None)]


def _holder(row: Section) -> Holder:
    holder = (str(row.need("rep")), row.day("from"), row.day_or_none("until"))
    row.done()
    if holder[2] is not None and holder[2] < holder[1]:
        raise ScenarioFault(f"{row.place}: until lies before from")
    return holder
