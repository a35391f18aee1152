"""The paper forms 附表二 to 附表五 of one record each, open to whoever may open the record's page."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.clock import today
from server.complaints import words as complaint_words
from server.console.formats import duration
from server.followups.words import OWNER_WORDS
from server.outlets.duplicates import kept_outlet_id
from server.outlets.queries import visible_outlet
from server.outlets.words import DOCUMENT_WORDS
from server.papers.sheets import complaint_sheet, outlet_sheet, training_sheet, visit_sheet
from server.people.access import current_person, requires
from server.visits import words as visit_words
from sync.problems import Problem

blueprint = Blueprint("papers", __name__, template_folder="templates")


@blueprint.get("/outlets/<outlet_id>/print")
@requires()
def outlet_on_paper(outlet_id: str) -> str | AnyResponse:
    """客户资料表 (form 附表二); one that was merged leads to the one that was kept."""
    try:
        return render_template("papers/outlet.html", sheet=outlet_sheet(current_person(), outlet_id, today()), document_words=DOCUMENT_WORDS)
    except Problem:
        kept_id = kept_outlet_id(outlet_id)
        if kept_id == outlet_id:
            raise
    return redirect(url_for("papers.outlet_on_paper", outlet_id=visible_outlet(current_person(), kept_id, today()).id))


@blueprint.get("/trainings/<training_id>/print")
@requires()
def training_on_paper(training_id: str) -> str:
    """客户培训计划表 (form 附表三) of a training that was held."""
    return render_template("papers/training.html", sheet=training_sheet(current_person(), training_id, today()))


@blueprint.get("/visits/<visit_id>/print")
@requires()
def visit_on_paper(visit_id: str) -> str:
    """客户巡检表 (form 附表四) with what was registered that day 登记备案."""
    sheet = visit_sheet(current_person(), visit_id, today())
    visit = sheet.view.visit
    return render_template(
        "papers/visit.html",
        sheet=sheet,
        words=visit_words,
        checklist=visit_words.checklist_rows(visit),
        duration=duration(visit.checked_in_at, visit.checked_out_at),
        owner_words=OWNER_WORDS,
    )


@blueprint.get("/complaints/<complaint_id>/print")
@requires()
def complaint_on_paper(complaint_id: str) -> str:
    """客户投诉处理表 (form 附表五)."""
    return render_template("papers/complaint.html", sheet=complaint_sheet(current_person(), complaint_id, today()), words=complaint_words)
