"""The plan of visits as phones receive it: the days on which their outlets are to be visited (RULEBOOK §4)."""

from datetime import date
from typing import Any

from sqlalchemy import Select, String, cast, literal, select, tuple_

from server.clock import today
from server.db import db
from server.domain.months import Month
from server.visits.plan_models import PlannedVisit

_KEY = PlannedVisit.outlet_id + ":" + cast(PlannedVisit.planned_on, String)


def planned_visit_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """Planned days; an id is `<outlet id>:<date>`."""
    keys = [(outlet_id, date.fromisoformat(day)) for outlet_id, _, day in (key.rpartition(":") for key in ids)]
    rows = db.session.execute(
        select(PlannedVisit.outlet_id, PlannedVisit.planned_on).where(tuple_(PlannedVisit.outlet_id, PlannedVisit.planned_on).in_(keys))
    )
    return {f"{outlet_id}:{day}": {"id": f"{outlet_id}:{day}", "outlet_id": outlet_id, "planned_on": day.isoformat()} for outlet_id, day in rows}


def live_planned_visits() -> Select[str, str]:
    """What phones hold: days of this month and later."""
    return select(_KEY, literal("outlet:") + PlannedVisit.outlet_id).where(PlannedVisit.planned_on >= Month.of_date(today()).first_day)
