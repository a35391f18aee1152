"""Every list that can be exported, by name."""

from collections.abc import Iterable

from server.reports.listing import ExportedList
from server.reports.lists_answers import VISIT_ANSWERS
from server.reports.lists_history import OUTLET_HISTORY
from server.reports.lists_office import AUDIT, DEVICES, FINDINGS, PEOPLE, WAGES
from server.reports.lists_plans import PLANNED_TRAININGS, PLANNED_VISITS
from server.reports.lists_queues import DUPLICATES, POSITIONS
from server.reports.lists_samples import SAMPLES
from server.reports.lists_settings import AGENTS, CALENDAR, IMPORTS, POLICY, POLICY_CHANGES, REGIONS
from server.reports.lists_visits import OUTLET_MONTHS, OUTLETS, VISITS
from server.reports.lists_work import CALLBACKS, CHURN, COMPLAINTS, FOLLOW_UPS, MATERIALS, TRAININGS
from sync.problems import Problem

WORK = (COMPLAINTS, FOLLOW_UPS, MATERIALS, TRAININGS, CALLBACKS, CHURN)
PLANS = (PLANNED_VISITS, PLANNED_TRAININGS)
OF_VISITS = (VISITS, VISIT_ANSWERS, SAMPLES, OUTLET_MONTHS, *PLANS)
OF_THE_OFFICE = (FINDINGS, WAGES, POLICY, POLICY_CHANGES, DEVICES, PEOPLE, REGIONS, AGENTS, CALENDAR, IMPORTS, AUDIT)
LISTS: dict[str, ExportedList] = {one.name: one for one in (OUTLETS, *OF_VISITS, *WORK, DUPLICATES, POSITIONS, *OF_THE_OFFICE)}
OF_ONE_RECORD = {OUTLET_HISTORY.name: OUTLET_HISTORY}  # taken on the page of the record, which their rows need to be told


def add_lists(lists: Iterable[ExportedList]) -> None:
    """Those of features that stand above the reports; safe to repeat."""
    LISTS.update({one.name: one for one in lists})


def exported_list(name: str) -> ExportedList:
    """The list of that name, or `not_found`."""
    listed = LISTS.get(name) or OF_ONE_RECORD.get(name)
    if listed is None:
        raise Problem("not_found", f"list {name[:40]}")
    return listed
