"""What the filter sentence of map, compliance and visit list offers, and the words of the marks."""

from typing import Any

from server.console.months import recent_months
from server.people.access import current_person
from server.people.choices import all_reps_in_reach, regions_in_reach
from server.visits import words
from server.visits.filters import VisitFilter
from server.visits.flag_words import FLAG_NAMES


def filter_choices(chosen: VisitFilter) -> dict[str, Any]:
    reader = current_person()
    return {
        "chosen": chosen,
        "regions": regions_in_reach(reader),
        "reps": all_reps_in_reach(reader, chosen.region_id),
        "months": recent_months(chosen.month),
        "state_words": words.STATE_WORDS,
        "month_words": words.month_words,
        "verdict_words": words.VERDICT_WORDS,
        "verdict_of": words.verdict_of,
        "first_reason": words.first_reason,
        "flag_names": FLAG_NAMES,
    }
