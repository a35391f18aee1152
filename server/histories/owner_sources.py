"""Who became responsible for an outlet, when nobody was, and in which region it lay."""

from typing import Any

from sqlalchemy import extract, select
from sqlalchemy.orm import aliased

from server.audit.models import AuditRow
from server.histories.file_sources import MOVED, is_about
from server.histories.rows import Asked, rows_of
from server.outlets.models import Assignment
from server.people.models import Person, Region

GIVEN, POOLED = "owner_given", "owner_pooled"
DAY_S = 86_400


def owner_rows(asked: Asked) -> list[Any]:
    """One select each (see `rows_of`): of first days with a rep, last days before nobody's, and moves between regions."""
    return [_given(asked), _pooled(asked), _moved(asked)]


def _given(asked: Asked) -> Any:
    rep = aliased(Person)
    columns = {"on": Assignment.starts_on, "by_name": Person.name, "other_name": rep.name}
    query = rows_of(asked, GIVEN, Assignment.id, Assignment.outlet_id, **columns).outerjoin(Person, Person.id == Assignment.made_by_id)
    query = query.join(rep, rep.id == Assignment.person_id)
    return query.where(Assignment.outlet_id == asked.outlet.id, Assignment.starts_on <= asked.today)


def _pooled(asked: Asked) -> Any:
    """Last days of assignments behind which no other begins the day after."""
    following = aliased(Assignment)
    is_next = extract("epoch", following.starts_on) - extract("epoch", Assignment.ends_on) == DAY_S
    is_followed = select(following.id).where(following.outlet_id == Assignment.outlet_id, is_next).correlate(Assignment).exists()
    columns = {"on": Assignment.ends_on, "by_name": Person.name}
    query = rows_of(asked, POOLED, Assignment.id, Assignment.outlet_id, **columns).join(Person, Person.id == Assignment.person_id)
    return query.where(Assignment.outlet_id == asked.outlet.id, Assignment.ends_on < asked.today, ~is_followed)


def _moved(asked: Asked) -> Any:
    before, after = aliased(Region), aliased(Region)
    columns = {"at": AuditRow.at, "by_name": Person.name, "subject": before.name, "other_name": after.name}
    query = rows_of(asked, "moved", AuditRow.id, AuditRow.subject_id, **columns).outerjoin(Person, Person.id == AuditRow.actor_id)
    for region, name in ((before, "before"), (after, "after")):
        query = query.outerjoin(region, region.id == AuditRow.detail[name].as_string())
    return query.where(*is_about(asked, MOVED))
