"""What the features of the office's daily work add to the console: complaints, follow-ups, materials, trainings, call-backs, churn, imports."""

from flask import Blueprint

from server.callbacks.evidence import callback_cards
from server.callbacks.routes import blueprint as callbacks
from server.callbacks.views import callback_tiles
from server.checklists.routes import blueprint as checklists
from server.churn.evidence import churn_cards
from server.churn.routes import blueprint as churn
from server.churn.views import churn_tiles
from server.complaints.evidence import complaint_cards, sees_signature
from server.complaints.routes import blueprint as complaints
from server.complaints.views import complaint_tiles
from server.console.report_pages import REPORT_BLUEPRINTS
from server.console.tiles import TileReader
from server.findings.evidence import CardReader
from server.followups.queries import sees_follow_up
from server.followups.routes import blueprint as followups
from server.followups.views import follow_up_tiles
from server.materials.evidence import material_cards, sees_delivery
from server.materials.routes import blueprint as materials
from server.materials.views import material_tiles
from server.staff.leave_routes import blueprint as leaves
from server.staff.region_routes import blueprint as regions
from server.staff.routes import blueprint as staff
from server.training.evidence import sees_training, training_cards
from server.training.plan_routes import blueprint as training_plans
from server.training.routes import blueprint as trainings
from server.training.views import training_tiles
from server.transactions.routes import blueprint as imports
from server.visits.photo_routes import Sight

WORK_BLUEPRINTS: tuple[Blueprint, ...] = (
    complaints,
    followups,
    materials,
    trainings,
    training_plans,
    callbacks,
    churn,
    imports,
    checklists,
    staff,
    leaves,
    regions,
    *REPORT_BLUEPRINTS,
)
WORK_TILES: tuple[TileReader, ...] = (complaint_tiles, follow_up_tiles, material_tiles, training_tiles, callback_tiles, churn_tiles)
WORK_CARDS: dict[str, CardReader] = {
    "complaint": complaint_cards,
    "material_request": material_cards,
    "training": training_cards,
    "callback": callback_cards,
    "churn_case": churn_cards,
}
WORK_SIGHTS: tuple[Sight, ...] = (sees_signature, sees_delivery, sees_training, sees_follow_up)
