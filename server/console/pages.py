"""Which pages the console has, and what each feature adds to the ones that all share."""

from typing import Any

from flask import Flask
from flask_login import current_user

from server.clock import now, today
from server.console import queues, tiles
from server.console.addresses import here_with, page_address, page_behind, same_filter, same_place, this_page
from server.console.counting import badge_count, listed_count, waiting_count
from server.console.due import due
from server.console.faults import fault_words
from server.console.formats import FILTERS
from server.console.navigation import navigation
from server.console.outlet_links import outlet_links
from server.console.outlet_records import outlet_records
from server.console.rendering import add_page_headers, is_fragment
from server.console.wage_pages import WAGE_BLUEPRINTS, WAGE_CARDS
from server.console.work_pages import WORK_BLUEPRINTS, WORK_CARDS, WORK_SIGHTS, WORK_TILES
from server.deeds import details
from server.findings import evidence
from server.findings.objection_routes import blueprint as finding_objections
from server.findings.routes import blueprint as findings
from server.findings.sight import sees_objection
from server.findings.views import finding_tiles
from server.histories.routes import blueprint as histories
from server.histories.routes import history_section
from server.intake import rescue_routes
from server.intake.bodies import record_bodies
from server.intake.clocks import clock_moved_ms, clock_set_back_ms
from server.intake.device_standings import device_standings
from server.intake.waiting_routes import blueprint as waiting
from server.intake.waiting_section import waiting_section
from server.intake.waiting_views import waiting_queues
from server.jobs.nights import night_tiles
from server.maps.routes import blueprint as maps
from server.maps.words import FRAME_WORDS
from server.notices.kinds import KIND_WORDS as CHANNEL_KINDS
from server.notices.routes import blueprint as notices
from server.outlets import complete_files, sections
from server.outlets.agent_routes import blueprint as agents
from server.outlets.duplicate_routes import blueprint as duplicates
from server.outlets.duplicate_views import duplicate_queues
from server.outlets.edit_routes import blueprint as outlet_edits
from server.outlets.field_words import FIELD_WORDS
from server.outlets.file_routes import blueprint as outlet_files
from server.outlets.file_routes import file_section
from server.outlets.identity_routes import blueprint as identity
from server.outlets.models import Outlet
from server.outlets.move_routes import blueprint as outlet_moves
from server.outlets.queries import reaches
from server.outlets.routes import blueprint as outlets
from server.outlets.sights import sees_file_photo
from server.outlets.tiles import file_tiles
from server.payroll.routes import blueprint as payroll
from server.payroll.views import payroll_tiles
from server.people import device_standing
from server.people.access import may_open
from server.people.device_routes import blueprint as devices
from server.people.device_views import device_tiles
from server.people.oidc_routes import blueprint as oidc
from server.people.once_routes import blueprint as once
from server.people.password_routes import blueprint as passwords
from server.people.routes import blueprint as people
from server.people.words import role_words
from server.privacy.erasure_routes import blueprint as erasures
from server.privacy.outlet_section import people_section
from server.privacy.routes import blueprint as privacy
from server.reports.parts import PART_WORDS
from server.transactions.fee_routes import blueprint as fees
from server.transactions.outlet_section import volume_section
from server.visits import photo_routes
from server.visits.evidence import month_cards, visit_cards
from server.visits.home import visit_home
from server.visits.map_routes import blueprint as visit_maps
from server.visits.outlet_section import has_shop_photo, visit_section
from server.visits.plan_many_routes import blueprint as plan_batches
from server.visits.plan_routes import blueprint as visit_plans
from server.visits.position_routes import blueprint as positions
from server.visits.position_views import position_queues
from server.visits.readers import clock_readers, move_readers, record_readers
from server.visits.review_routes import blueprint as reviews
from server.visits.routes import blueprint as visits
from server.visits.sample_routes import blueprint as samples
from server.visits.tiles import managers_tiles, visit_tiles

OTHERS = (visit_maps, passwords, oidc, once, payroll, devices, rescue_routes.blueprint, visit_plans, plan_batches, maps, notices, privacy, erasures)
BLUEPRINTS = (
    people,
    visits,
    reviews,
    samples,
    waiting,
    duplicates,
    positions,
    outlets,
    outlet_files,
    outlet_edits,
    outlet_moves,
    agents,
    identity,
    fees,
    histories,
    *WORK_BLUEPRINTS,
    *WAGE_BLUEPRINTS,
    findings,
    finding_objections,
    *OTHERS,
)


def init_app(app: Flask) -> None:
    """Register the pages, and let the features meet on the shared ones."""
    tiles.tile_readers[:] = [
        visit_tiles,
        managers_tiles,
        queues.queue_tiles,
        file_tiles,
        *WORK_TILES,
        finding_tiles,
        payroll_tiles,
        device_tiles,
        night_tiles,
    ]
    queues.queue_readers[:] = [waiting_queues, duplicate_queues, position_queues]
    tiles.home_readers[:] = [visit_home]
    device_standing.standing_readers[:] = [device_standings]
    evidence.card_readers.update(WORK_CARDS | WAGE_CARDS, visit=visit_cards, outlet_month=month_cards)
    photo_routes.sights[:] = [*WORK_SIGHTS, sees_objection, sees_file_photo]
    clock_readers[:], move_readers[:] = [clock_set_back_ms], [clock_moved_ms]
    record_readers[:] = [record_bodies]
    records = [outlet_records, outlet_links, file_section, people_section]
    sections.section_readers[:] = [waiting_section, visit_section, volume_section, history_section, *records]  # first what waits for a decision
    complete_files.photo_finders[:] = [has_shop_photo]
    details.field_words.update(FIELD_WORDS)
    details.value_words[("notice_channel", "kind")] = CHANNEL_KINDS
    details.value_words[("report_token", "parts")] = PART_WORDS
    details.value_words[("tile_source", "frame")] = FRAME_WORDS
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    rescue_routes.read_late(app)
    app.jinja_env.filters.update(FILTERS, due=due, fault_words=fault_words)
    app.jinja_env.filters.update(badge_count=badge_count, waiting_count=waiting_count, listed_count=listed_count)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_frame)
    app.after_request(add_page_headers)


def _frame() -> dict[str, Any]:
    """What the frame of every page needs; nothing is read until a template asks."""
    person = current_user.person if current_user.is_authenticated else None
    return {
        "me": person,
        "is_fragment": is_fragment(),
        "read_at": now(),
        "navigation": navigation,
        "here_with": here_with,
        "same_filter": same_filter,
        "same_place": same_place,
        "page_address": page_address,
        "this_page": this_page,
        "page_behind": page_behind,
        "role_words": role_words,
        "reaches": _reaches,
        "opens": _opens,
    }


def _reaches(outlet: Outlet) -> bool:
    """Whether the reader may open this outlet's page."""
    return reaches(current_user.person, outlet, today())


def _opens(endpoint: str) -> bool:
    """Whether the reader holds a role that this page is for."""
    return may_open(current_user.person, endpoint)
