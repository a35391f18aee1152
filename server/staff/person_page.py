"""One person's page: the file, and what every feature knows of them."""

from datetime import date
from typing import Any

from server.domain.months import Month
from server.findings.words import STATE_MARKS, kind_words
from server.findings.words import STATE_WORDS as FINDING_STATES
from server.language import LANGUAGE_WORDS
from server.leaves.queries import latest_leaves, may_set_leave
from server.people.device_views import MANAGERS
from server.people.models import Person, Role
from server.staff.listing import region_names
from server.staff.person_records import SHOWN_OUTLETS, held_outlets, latest_findings, latest_visits, latest_wages, own_month, own_phones
from server.visits.words import VERDICT_WORDS, first_reason, month_words, verdict_of


def person_page(reader: Person, person: Person, today: date) -> dict[str, Any]:
    """What the page of somebody within the reader's reach shows; parts that the reader may not see are None."""
    names = region_names()
    outlets = held_outlets(reader, person, today)
    visits = latest_visits(reader, person, today)
    return {
        "person": person,
        "regions": [names[one] for one in person.region_ids],
        "spoken": LANGUAGE_WORDS.get(person.language, person.language),
        "month": Month.of_date(today),
        "own_month": own_month(outlets, person, today) if outlets or person.holds(Role.REP) else None,
        "outlets": outlets[:SHOWN_OUTLETS],
        "more_outlets": len(outlets) > SHOWN_OUTLETS,
        "phones": own_phones(reader, person),
        "may_manage_phones": reader.holds(*MANAGERS),
        "visits": [(visit, verdict_of(visit), first_reason(visit)) for visit in visits],
        "findings": latest_findings(reader, person),
        "wages": latest_wages(reader, person),
        "leaves": latest_leaves(person.id) if person.holds(Role.REP) else None,
        "may_set_leave": may_set_leave(reader, person),
        "sees_note": reader.id == person.id or may_set_leave(reader, person),
        "today": today,
        "may_change": reader.holds(Role.ADMIN),
        "first_day": today.isoformat(),
        "faults": {},
        "month_words": month_words,
        "verdict_words": VERDICT_WORDS,
        "finding_states": FINDING_STATES,
        "finding_marks": STATE_MARKS,
        "kind_words": kind_words,
    }
