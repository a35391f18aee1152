"""One person's page: the file, and what every feature knows of them."""

from datetime import date
from typing import Any

from server.people.models import Person, Role
from server.staff.listing import region_names
from server.staff.words import LANGUAGE_WORDS


def person_page(reader: Person, person: Person, today: date) -> dict[str, Any]:
    """What the page of somebody within the reader's reach shows."""
    names = region_names()
    return {
        "person": person,
        "regions": [names[one] for one in person.region_ids],
        "language": LANGUAGE_WORDS.get(person.language, person.language),
        "may_change": reader.holds(Role.ADMIN),
        "first_day": today.isoformat(),
        "faults": {},
    }
