"""The filter of lists of work at outlets: complaints, materials, trainings, call-backs, churn."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from server.outlets.models import Outlet
from server.outlets.queries import own_outlet_ids
from sync.problems import Problem


@dataclass(frozen=True)
class WorkFilter:
    """Empty parts are unset; `state` is a tab of the list, `kind` one of its kinds.

    `assignee` and `reported` are of complaints alone: who handles one, and since when it is with the manager.
    """

    state: str
    kind: str
    region_id: str
    rep_id: str
    outlet_id: str
    assignee: str = ""
    reported: str = ""

    @property
    def is_set(self) -> bool:
        return any((self.kind, self.region_id, self.rep_id, self.outlet_id, self.assignee, self.reported))


def read_work_filter(asked: MultiDict[str, str], states: tuple[str, ...], kinds: tuple[str, ...] = ()) -> WorkFilter:
    """The filter in the address, by default of the first state; raises `invalid` for a state or kind that cannot be."""
    state, kind = asked.get("state") or states[0], asked.get("kind", "")
    if state not in states:
        raise Problem("invalid", f"state {state[:20]}")
    if kind and kind not in kinds:
        raise Problem("invalid", f"kind {kind[:20]}")
    return WorkFilter(state, kind, asked.get("region", ""), asked.get("rep", ""), asked.get("outlet", ""))


def at_outlets(query: Any, chosen: WorkFilter, today: date) -> Any:
    """The parts about outlets, of a query that has joined them; `rep` is who is responsible today."""
    if chosen.region_id:
        query = query.where(Outlet.region_id == chosen.region_id)
    if chosen.outlet_id:
        query = query.where(Outlet.id == chosen.outlet_id)
    if chosen.rep_id:
        query = query.where(Outlet.id.in_(own_outlet_ids(chosen.rep_id, today)))
    return query
