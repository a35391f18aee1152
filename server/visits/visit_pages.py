"""The page of one visit, which is the review desk for whoever may review it."""

from dataclasses import replace

from flask import render_template, request

from server.clock import today
from server.console.formats import duration
from server.domain.months import Month
from server.findings.pay_words import Paid, paid_by
from server.people.access import current_person
from server.visits import words
from server.visits.comparing import compared_answers
from server.visits.desk import desk_of
from server.visits.filters import read_list_filter
from server.visits.forms import READY_REASONS, ReviewForm
from server.visits.sample_queries import is_blind
from server.visits.views import is_of_own_region, may_review, visit_view


def visit_page_of(visit_id: str, form: ReviewForm, faults: dict[str, str]) -> str:
    """The whole page; the address may carry the filter of the list that one came from. Raises `not_found`.

    Whoever could answer a blind sample of the visit learns score and flags after the answer.
    """
    reader = current_person()
    view = visit_view(reader, visit_id, today())
    can_review = may_review(reader, view)
    places_outlet = view.outlet.lat is None and view.visit.fix_lat is not None  # accepted, and other visits are judged anew by the position
    chosen = replace(read_list_filter(request.args), verdict="waiting")
    return render_template(
        "visits/visit.html",
        view=view,
        visit=view.visit,
        outlet=view.outlet,
        words=words,
        answers=compared_answers(view.visit, view.before),
        duration=duration(view.visit.checked_in_at, view.visit.checked_out_at),
        can_review=can_review,
        places_outlet=places_outlet,
        pays_no_more=can_review and not places_outlet and paid_by(Month.of_date(view.visit.visited_on))[0] == Paid.NO_MORE,
        is_own=view.visit.rep_id == reader.id and is_of_own_region(reader, view),
        is_blind=is_blind(reader, view, today()),
        desk=desk_of(reader, chosen, request.args.get("outlet", ""), view.visit, today()) if can_review else None,
        ready=READY_REASONS,
        form=form,
        faults=faults,
    )
