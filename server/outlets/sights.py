"""Who may see the photos of outlet files."""

from datetime import date

from sqlalchemy import Select, or_, select

from server.db import db
from server.media.models import BlobRef
from server.outlets.fields import PHOTOS
from server.outlets.models import Outlet, OutletStep
from server.outlets.queries import is_visible
from server.people.models import Person


def sees_file_photo(sha256: str, person: Person, today: date) -> bool:
    """Whoever may see an outlet sees the storefront and the counter of its file, also those that were replaced since a step of its way."""
    shows = or_(*(getattr(Outlet, name) == sha256 for name in PHOTOS), Outlet.id.in_(_shown_before(sha256)))
    return db.session.scalar(select(Outlet.id).where(shows, is_visible(person, today)).limit(1)) is not None


def _shown_before(sha256: str) -> Select[str]:
    """Outlets whose file held the photo at a step; the operations that brought it say whose steps to look at."""
    brought = select(BlobRef.entity_id).where(BlobRef.sha256 == sha256, BlobRef.entity_type == "outlet")
    held = or_(*(OutletStep.snapshot[name].as_string() == sha256 for name in PHOTOS))
    return select(OutletStep.outlet_id).where(OutletStep.outlet_id.in_(brought), held)
