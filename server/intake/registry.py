"""Which feature takes in which form: a new form is one line here, in its newest version (older ones are lifted, sync/upcast.py)."""

from collections.abc import Callable

from server.churn.intake import apply_churn_word
from server.complaints.intake import apply_complaint, apply_complaint_result
from server.findings.intake import apply_objection
from server.followups.intake import apply_follow_up, apply_follow_up_look
from server.materials.intake import apply_delivery, apply_material_request
from server.outlets.file_intake import apply_outlet_submit
from server.outlets.identity_intake import apply_identity
from server.outlets.intake import apply_new_outlet, apply_outlet_edit
from server.payroll.intake import apply_payslip_step
from server.training.intake import apply_training
from server.visits.intake import apply_visit
from sync.receive import Outcome, Sent

Applier = Callable[[Sent], Outcome]

APPLIERS: dict[str, Applier] = {
    "visit.v3": apply_visit,
    "outlet_edit.v1": apply_outlet_edit,
    "new_outlet.v1": apply_new_outlet,
    "outlet_submit.v1": apply_outlet_submit,
    "identity.v1": apply_identity,
    "finding_objection.v1": apply_objection,
    "payslip_step.v1": apply_payslip_step,
    "complaint.v1": apply_complaint,
    "complaint_result.v1": apply_complaint_result,
    "training.v2": apply_training,
    "material_request.v1": apply_material_request,
    "delivery.v2": apply_delivery,
    "churn_word.v1": apply_churn_word,
    "follow_up.v1": apply_follow_up,
    "follow_up_look.v1": apply_follow_up_look,
}


def applier_of(form: str) -> Applier | None:
    """Who judges and applies operations of this form; None when the server does not know it (yet)."""
    return APPLIERS.get(form)
