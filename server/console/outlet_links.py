"""From an outlet's page to its records, and to new ones about it; nothing is read for it."""

from datetime import date

from server.followups.queries import WORKERS
from server.outlets.models import Outlet
from server.outlets.sections import Section
from server.people.models import Person, Role


def outlet_links(outlet: Outlet, reader: Person, _today: date) -> Section:
    values = {
        "outlet_id": outlet.id,
        "takes_complaints": reader.holds(Role.OPS),
        "asks_for_materials": reader.holds(Role.REP, Role.SUPERVISOR, Role.OPS),
        "records_trainings": reader.holds(Role.REP, Role.SUPERVISOR),
        "registers_follow_ups": reader.holds(*WORKERS),
        "lists_callbacks": reader.holds(Role.OPS),
    }
    return Section(facts="", panel="", page="_outlet_links.html", values=values)
