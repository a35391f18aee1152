"""Where the features meet: who publishes what to phones, who hears of stored files, which pages there are."""

from flask import Flask
from flask_wtf import CSRFProtect

import server.jobs.models
import server.transactions.models  # noqa: F401 (tables that no page imports yet)
from server.callbacks.moving import move_callbacks
from server.callbacks.proposals import shown_by_records
from server.checklists.documents import checklist_documents, live_checklists
from server.churn.documents import churn_case_documents, live_churn_cases
from server.churn.moving import settle_merged
from server.complaints.documents import complaint_documents, live_complaints
from server.complaints.moving import move_complaints
from server.console import pages
from server.devices.documents import phones_of
from server.feed.audit import Live, audited
from server.feed.pull import Documents, publish
from server.findings.actions import decision_listeners, touch_findings_at
from server.findings.documents import finding_documents, live_findings
from server.findings.kinds import kind_readers, own_kind_readers
from server.findings.moving import move_findings
from server.followups.documents import follow_up_documents, live_follow_ups
from server.followups.moving import move_follow_ups
from server.intake import routes as intake_routes
from server.intake.close_check import unsent_phones
from server.intake.conflict_documents import conflict_documents, live_conflicts
from server.intake.documents import live_verdicts, verdict_documents
from server.intake.moving import move_conflicts
from server.intake.waiting_lists import WAITING_LISTS
from server.jobs.due_dates import recount_due_dates
from server.jobs.nights import night_after
from server.leaves.documents import substitutions
from server.materials.actions import end_late_ownership
from server.materials.documents import live_material_requests, material_request_documents
from server.materials.moving import move_requests
from server.media import tus_routes
from server.media.store import stored_listeners
from server.outlets.documents import live_outlets, outlet_documents
from server.outlets.duplicates import movers, visit_counters
from server.outlets.identity_documents import identity_key_documents, live_identity_keys
from server.outlets.moves import region_listeners
from server.outlets.office_files import computed_models
from server.payroll.adjustments import newest_closed
from server.payroll.close_checks import check_readers
from server.payroll.documents import live_wage_sheets, wage_sheet_documents
from server.payroll.kind_actions import finding_kinds, own_finding_kinds
from server.people import phone_routes
from server.people.documents import live_people, live_regions, part_readers, person_documents, region_documents
from server.policy.actions import closed_readers, policy_listeners
from server.policy.calendar import calendar_listeners
from server.policy.documents import live_policy, live_working_years, policy_documents, working_year_documents
from server.reports.lists import add_lists
from server.training.documents import live_planned_trainings, live_trainings, planned_training_documents, tell_planned_trainings, training_documents
from server.training.moving import move_trainings
from server.transactions.documents import live_outlet_volumes, outlet_volume_documents
from server.transactions.moving import move_transfers
from server.visits import phone_photo_routes, photo_routes
from server.visits.compliance import live_outlet_months, outlet_month_documents
from server.visits.documents import live_visits, visit_documents
from server.visits.missed import is_shown_missed
from server.visits.models import OutletMonth
from server.visits.moving import move_visits, visit_counts
from server.visits.plan_documents import live_planned_visits, planned_visit_documents
from server.visits.plan_models import MissForecast
from server.visits.verdicts import on_blob_stored


def publish_documents() -> None:
    """What phones receive, by type."""
    _publish("person", person_documents, live_people)
    _publish("region", region_documents, live_regions)
    _publish("policy", policy_documents, live_policy)
    _publish("working_year", working_year_documents, live_working_years)
    _publish("checklist", checklist_documents, live_checklists)
    _publish("identity_key", identity_key_documents, live_identity_keys)
    _publish("outlet", outlet_documents, live_outlets)
    _publish("visit", visit_documents, live_visits)
    _publish("visit_plan", planned_visit_documents, live_planned_visits)
    _publish("outlet_month", outlet_month_documents, live_outlet_months)
    _publish("finding", finding_documents, live_findings)
    _publish("wage_sheet", wage_sheet_documents, live_wage_sheets)
    _publish("op_verdict", verdict_documents, live_verdicts)
    _publish("field_conflict", conflict_documents, live_conflicts)
    _publish("complaint", complaint_documents, live_complaints)
    _publish("material_request", material_request_documents, live_material_requests)
    _publish("training", training_documents, live_trainings)
    _publish("planned_training", planned_training_documents, live_planned_trainings)
    _publish("churn_case", churn_case_documents, live_churn_cases)
    _publish("follow_up", follow_up_documents, live_follow_ups)
    _publish("outlet_volume", outlet_volume_documents, live_outlet_volumes)


def _publish(entity_type: str, documents: Documents, live: Live) -> None:
    publish(entity_type, documents)
    audited(entity_type, live)


def listen() -> None:
    """Who hears of stored files and merged outlets, who counts what would move, what records show, what months being closed ask and
    lock, and more exported lists."""
    if on_blob_stored not in stored_listeners:
        stored_listeners.append(on_blob_stored)
    movers[:] = [move_findings, move_visits, move_transfers, move_complaints, move_requests, move_trainings]  # what proposes findings comes after
    movers.extend((move_callbacks, move_follow_ups, settle_merged, move_conflicts))
    visit_counters[:] = [visit_counts]
    shown_by_records[:] = [is_shown_missed]
    computed_models[:] = [OutletMonth, MissForecast]
    decision_listeners[:] = [end_late_ownership]
    region_listeners[:] = [touch_findings_at]
    check_readers[:] = [unsent_phones, night_after]
    closed_readers[:] = [newest_closed]
    policy_listeners[:] = [tell_planned_trainings]
    calendar_listeners[:] = [recount_due_dates]
    part_readers["stands_in"] = substitutions
    part_readers["phones"] = phones_of
    kind_readers[:] = [finding_kinds]
    own_kind_readers[:] = [own_finding_kinds]
    add_lists(WAITING_LISTS)


def register_blueprints(app: Flask, csrf: CSRFProtect) -> None:
    """Phones first (bearer tokens, so no CSRF token), then the console."""
    for phone_blueprint in (phone_routes.blueprint, intake_routes.blueprint, tus_routes.blueprint, phone_photo_routes.blueprint):
        csrf.exempt(phone_blueprint)
        app.register_blueprint(phone_blueprint)
    app.register_blueprint(photo_routes.blueprint)
    pages.init_app(app)
