"""What an outlet's page offers those who keep its people's data: a copy, and the way to erasing it."""

from datetime import date

from server.outlets.models import Outlet
from server.outlets.sections import Section
from server.people.models import Person
from server.privacy.erasure_routes import keeps_outlets
from server.privacy.outlets import is_erased


def people_section(outlet: Outlet, reader: Person, _today: date) -> Section:
    return Section("", "", "privacy/_outlet.html", {"outlet": outlet, "is_shown": keeps_outlets(reader), "is_done": is_erased(outlet)})
