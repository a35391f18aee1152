"""Photos for phones: those of the outlets whose scope the person holds, as the feed brings them; small, or as large as a screen."""

from flask import Blueprint, Response, request, send_file
from sqlalchemy import literal, or_, select

from server.db import db, expect_reads
from server.devices.tokens import device_of_request
from server.feed.scopes import held_scopes
from server.media.store import stored_among
from server.outlets.models import Outlet
from server.visits.models import Visit, VisitPhoto
from server.visits.photo_routes import SIDES_PX, display_copy
from sync.problems import Problem

blueprint = Blueprint("phone_photos", __name__, url_prefix="/sync/v1/photos")


@blueprint.before_request
def _only_read() -> None:
    expect_reads(True)


@blueprint.get("/<sha256>")
def photo(sha256: str) -> Response:
    """A WebP of a visit's photo or of one in an outlet's file; `size` is `thumb` (320 px, the default) or `full` (1600 px).

    `not_found` also for what the person may not know of. No cache on the way keeps it: a phone may be somebody else's tomorrow.
    """
    person_id = device_of_request().person_id
    size = request.args.get("size", "thumb")
    if size not in SIDES_PX or not _is_held(sha256, person_id) or sha256 not in stored_among([sha256]):
        raise Problem("not_found")
    db.session.rollback()  # no transaction while the picture is made
    answer = send_file(display_copy(sha256, size), mimetype="image/webp", etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_held(sha256: str, person_id: str) -> bool:
    held, outlet_scope = held_scopes(person_id), literal("outlet:")
    of_visit = select(Visit.id).join(VisitPhoto, VisitPhoto.visit_id == Visit.id)
    of_visit = of_visit.where(VisitPhoto.sha256 == sha256, (outlet_scope + Visit.outlet_id).in_(held)).limit(1)
    if db.session.scalar(of_visit) is not None:
        return True
    of_file = select(Outlet.id).where(or_(Outlet.storefront_photo == sha256, Outlet.counter_photo == sha256), Outlet.removed_at.is_(None))
    return db.session.scalar(of_file.where((outlet_scope + Outlet.id).in_(held)).limit(1)) is not None
