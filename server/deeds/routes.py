"""操作记录: who changed or revealed what, and when."""

from typing import Any

from flask import Blueprint, Response, request

from server.clock import today
from server.console.rendering import page
from server.deeds.queries import READERS, SYSTEM, deed_page, deed_people, read_deed_filter
from server.deeds.rows import shown_deeds
from server.deeds.words import DEED_WORDS, GROUP_WORDS, SUBJECT_WORDS
from server.people.access import current_person, requires

blueprint = Blueprint("deeds", __name__, template_folder="templates")


@blueprint.get("/deeds")
@requires(*READERS)
def deed_list() -> Response:
    reader, chosen = current_person(), read_deed_filter(request.args, today())
    rows, next_key = deed_page(reader, chosen, request.args.get("after", ""))
    values: dict[str, Any] = {
        "chosen": chosen,
        "deeds": shown_deeds(reader, rows),
        "next_key": next_key,
        "people": deed_people(),
        "system": SYSTEM,
        "groups": [(group, GROUP_WORDS[group], deeds.items()) for group, deeds in DEED_WORDS.items()],
        "subject_pairs": SUBJECT_WORDS.items(),
    }
    return page("deeds/list.html", "deeds/_table.html", **values)
