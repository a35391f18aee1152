"""Where the features meet: who publishes what to phones, who hears of stored files, which pages there are."""

from flask import Flask
from flask_wtf import CSRFProtect

from server.console import pages
from server.feed.pull import publish
from server.findings.documents import finding_documents
from server.intake import routes as intake_routes
from server.media import tus_routes
from server.media.store import stored_listeners
from server.outlets.documents import outlet_documents
from server.payroll.documents import wage_sheet_documents
from server.people import phone_routes
from server.people.documents import person_documents, region_documents
from server.policy.documents import policy_documents, working_year_documents
from server.visits import photo_routes
from server.visits.compliance import outlet_month_documents
from server.visits.documents import visit_documents, visits_in_window
from server.visits.verdicts import on_blob_stored


def publish_documents() -> None:
    """What phones receive, by type."""
    publish("person", person_documents)
    publish("region", region_documents)
    publish("policy", policy_documents)
    publish("working_year", working_year_documents)
    publish("outlet", outlet_documents)
    publish("visit", visit_documents, visits_in_window)
    publish("outlet_month", outlet_month_documents)
    publish("finding", finding_documents)
    publish("wage_sheet", wage_sheet_documents)


def listen_for_blobs() -> None:
    if on_blob_stored not in stored_listeners:
        stored_listeners.append(on_blob_stored)


def register_blueprints(app: Flask, csrf: CSRFProtect) -> None:
    """Phones first (bearer tokens, so no CSRF token), then the console."""
    for phone_blueprint in (phone_routes.blueprint, intake_routes.blueprint, tus_routes.blueprint):
        csrf.exempt(phone_blueprint)
        app.register_blueprint(phone_blueprint)
    app.register_blueprint(photo_routes.blueprint)
    pages.init_app(app)
