"""Moving an outlet to another region 改区域."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db, held, take_turn
from server.domain.months import business_date
from server.feed.clock import touch_scope
from server.outlets.actions import assign
from server.outlets.duplicates import drop_questions_elsewhere, note_duplicates, paired_with
from server.outlets.models import Assignment, Outlet
from server.people.models import Person, PersonRegion, Region
from server.people.regions import TURN
from sync.problems import Problem

# told the id of an outlet of which who may read its records has changed
region_listeners: list[Callable[[str], None]] = []


def move_outlet(outlet_id: str, region_id: str, by_id: str, now: datetime) -> bool:
    """Give an outlet to another region, and commit; returns whether that changed anything.

    From this day on it lies in the pool, unless its rep is of the new region too. Its records are stamped anew: programs that read that
    region have not seen them (`server.reports`). Raises `not_found` for an outlet that is gone, `invalid` for a region that is none.
    """
    take_turn(TURN)
    outlet = held(Outlet, outlet_id)
    if outlet is None or outlet.removed_at is not None:
        raise Problem("not_found", f"outlet {outlet_id}")
    if db.session.get(Region, region_id) is None:
        raise Problem("invalid", fields={"region_id": "choose"})
    before = outlet.region_id
    if before == region_id:
        return False
    outlet.region_id = region_id
    record_audit(now, by_id, "outlet.moved", ("outlet", outlet.id), before=before, after=region_id)
    if not _is_rep_of(outlet.id, region_id):
        assign(outlet, None, business_date(now), by_id, now)
    db.session.flush()
    drop_questions_elsewhere(outlet)
    note_duplicates(outlet, now, paired_with(outlet.id))
    touch_scope(db.session, f"outlet:{outlet.id}")
    for tell in region_listeners:
        tell(outlet.id)
    db.session.commit()
    return True


def regions_held(person_id: str, region_ids: set[str]) -> set[str]:
    """In which of these regions somebody is responsible for outlets now."""
    query = select(Outlet.region_id).join(Assignment, Assignment.outlet_id == Outlet.id)
    query = query.where(Assignment.person_id == person_id, Assignment.ends_on.is_(None), Outlet.region_id.in_(region_ids))
    return set(db.session.scalars(query.distinct()))


def region_names_of_rep(outlet_id: str) -> tuple[str, list[str]]:
    """The name of the rep under way, empty for none, and of which regions they are."""
    query = select(Person.id, Person.name).join(Assignment, Assignment.person_id == Person.id)
    rep = db.session.execute(query.where(Assignment.outlet_id == outlet_id, Assignment.ends_on.is_(None))).one_or_none()
    if rep is None:
        return "", []
    names = select(Region.name).join(PersonRegion, PersonRegion.region_id == Region.id).where(PersonRegion.person_id == rep.id)
    return rep.name, list(db.session.scalars(names.order_by(Region.name)))


def _is_rep_of(outlet_id: str, region_id: str) -> bool:
    """Whether the rep under way is of the region."""
    query = select(PersonRegion.person_id).join(Assignment, Assignment.person_id == PersonRegion.person_id)
    query = query.where(Assignment.outlet_id == outlet_id, Assignment.ends_on.is_(None), PersonRegion.region_id == region_id)
    return db.session.scalar(query) is not None
