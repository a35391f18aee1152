"""Taking the proposed 月收费额 into an outlet's file, from the outlet's page."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.form_answers import form_again
from server.console.form_checks import text_of
from server.console.formats import amount
from server.outlets.deciders import DECIDERS, may_decide
from server.outlets.queries import visible_outlet
from server.outlets.routes import shown_outlet
from server.people.access import current_person, requires
from server.transactions.fee_proposals import adopt_fee
from sync.problems import Problem

blueprint = Blueprint("fees", __name__)


@blueprint.post("/outlets/<outlet_id>/fee-adoptions")
@requires(*DECIDERS)
def adopt(outlet_id: str) -> AnyResponse:
    """Supervisors of its region and managers; `yuan` is the proposal that they read."""
    reader = current_person()
    outlet = visible_outlet(reader, outlet_id, today())
    if not may_decide(reader, outlet):
        raise Problem("forbidden")
    try:
        yuan = adopt_fee(outlet.id, text_of(request.form, "yuan"), reader.id, now())
    except Problem as problem:
        return form_again(problem, lambda _faults: _shown_anew(outlet_id))
    flash(gettext("月收费额改成 %(yuan)s 元，类别已按它重新算过。", yuan=amount(yuan)))
    return redirect(url_for("outlets.outlet", outlet_id=outlet_id) + "#volume")


def _shown_anew(outlet_id: str) -> str:
    """As it is now: transactions came, or somebody was faster."""
    flash(gettext("没有改：交易或资料刚才变了，请照现在的建议再看一眼。"))
    return shown_outlet(outlet_id)
