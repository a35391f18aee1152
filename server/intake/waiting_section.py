"""What an outlet's page says about waiting changes and values that lost."""

from datetime import date

from sqlalchemy import or_, select

from server.db import db
from server.intake import waiting_words
from server.intake.models import SyncConflict, SyncOp
from server.outlets.deciders import DECIDERS
from server.outlets.models import Outlet, OutletAlias
from server.outlets.sections import Section
from server.people.models import Person, Role


def waiting_section(outlet: Outlet, reader: Person, _today: date) -> Section:
    """Lost values beside their fields, and the changes that wait; those who decide get the buttons."""
    rows = _open(outlet)
    values = {
        "lost": [(conflict, sender) for conflict, sender in rows if conflict.kind == "field"],
        "parked": [(conflict, sender) for conflict, sender in rows if conflict.kind == "parked"],
        "can_decide": _decides(reader, outlet),
        "words": waiting_words,
    }
    return Section("", "", "waiting/_outlet.html", values, field="waiting/_beside.html")


def _open(outlet: Outlet) -> list[tuple[SyncConflict, str]]:
    """(value, who sent the operation) of the outlet, and of those that were merged into it, oldest first."""
    merged = select(OutletAlias.outlet_id).where(OutletAlias.kept_id == outlet.id)
    query = select(SyncConflict, Person.name).join(SyncOp, SyncOp.op_id == SyncConflict.op_id).join(Person, Person.id == SyncOp.person_id)
    query = query.where(SyncConflict.kind.in_(("field", "parked")), SyncConflict.settled_at.is_(None), SyncConflict.entity_type == "outlet")
    query = query.where(or_(SyncConflict.entity_id == outlet.id, SyncConflict.entity_id.in_(merged)))
    return [(conflict, name) for conflict, name in db.session.execute(query.order_by(SyncConflict.raised_at, SyncConflict.id))]


def _decides(reader: Person, outlet: Outlet) -> bool:
    return reader.holds(*DECIDERS) and (reader.holds(Role.MANAGER) or outlet.region_id in reader.region_ids)
