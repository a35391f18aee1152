"""The outlets of a scenario, with their classes, periods and transfers."""

from datetime import date
from typing import Any

from server.domain.assignments import AssignmentPeriod
from server.domain.company_facts import OutletRecord
from server.domain.new_customers import FILE_FIELDS, Transfer
from server.domain.outlet_class import ClassInputs, outlet_class
from server.domain.policy import Policy
from server.scenarios.shapes import ScenarioFault, Section, day_of, month_of, yuan_of

ALWAYS = date(2000, 1, 1)


def outlets_of(top: Section, policy: Policy) -> tuple[list[OutletRecord], list[AssignmentPeriod]]:
    """All outlets and who had them; `count` multiplies one."""
    outlets: list[OutletRecord] = []
    periods: list[AssignmentPeriod] = []
    for row in top.sections("outlets"):
        name, count = str(row.need("id")), row.take("count")
        ids = [name] if count is None else [f"{name}-{number}" for number in range(1, int(count) + 1)]
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
        row.take("chain_outlets"),
        row.take("own_hall"),
        *(None if row.take(name) is None else yuan_of(row.take(name), row.place) for name in ("floor_area_m2", "monthly_fee_yuan")),
    )
    first = _letter(letter, row.place) if letter is not None else outlet_class(inputs, policy).outlet_class
    later = [(day_of(day, row.place), _letter(value, row.place)) for day, value in (row.take("classes") or {}).items()]
    return ((ALWAYS, first), *sorted(later))


def _letter(value: Any, place: str) -> str:
    if value not in ("A", "B", "C"):
        raise ScenarioFault(f"{place}: {value} is no class")
    return str(value)


def _outlet(row: Section) -> dict[str, Any]:
    missing = tuple(row.take("missing") or ())
    if unknown := set(missing) - set(FILE_FIELDS):
        raise ScenarioFault(f"{row.place}.missing: {', '.join(sorted(unknown))} is none of {', '.join(FILE_FIELDS)}")
    transfers = row.take("transfers") or {}
    return {
        "approved_on": row.day_or_none("approved_on"),
        "account_made_on": row.day_or_none("account_made_on"),
        "churned_on": row.day_or_none("churned_on"),
        "missing_fields": missing,
        "transfers": tuple(Transfer(_transfer_day(day, row.place), yuan_of(amount, row.place)) for day, amount in transfers.items()),
    }


def _transfer_day(value: Any, place: str) -> date:
    """A month's total stands on the month's last day."""
    return month_of(value, place).last_day if len(str(value)) == 7 else day_of(value, place)


def _holders(row: Section) -> list[tuple[str, date, date | None]]:
    holders = [(str(one.need("rep")), one.day("from"), one.day_or_none("until"), one) for one in row.sections("reps")]
    for *_, one in holders:
        one.done()
    rep = row.take("rep")
    return [(str(rep), ALWAYS, None)] if rep is not None else [holder[:3] for holder in holders]
