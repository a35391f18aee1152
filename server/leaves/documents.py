"""For whom somebody stands in, as their phone receives it with their file."""

from collections import defaultdict
from typing import Any

from sqlalchemy import bindparam, select

from server.clock import today
from server.db import db
from server.leaves.models import Leave
from server.people.models import Person

# Asked by every first pull, so built once.
_STANDS_IN = (
    select(Leave.substitute_id, Leave.person_id, Person.name, Leave.starts_on, Leave.ends_on)
    .join(Person, Person.id == Leave.person_id)
    .where(Leave.substitute_id.in_(bindparam("ids", expanding=True)), Leave.ends_on >= bindparam("day"))
    .order_by(Leave.starts_on, Leave.id)
)


def substitutions(ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Substitute → whose outlets the phone holds from a day to a day, both included; leave that is over is left out."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for substitute_id, rep_id, rep_name, starts_on, ends_on in db.session.execute(_STANDS_IN, {"ids": ids, "day": today()}):
        days = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
        found[str(substitute_id)].append({"rep_id": rep_id, "rep_name": rep_name} | days)
    return found
