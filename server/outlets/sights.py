"""Who may see the photos of outlet files."""

from datetime import date

from sqlalchemy import or_, select

from server.db import db
from server.outlets.models import Outlet
from server.outlets.queries import is_visible
from server.people.models import Person


def sees_file_photo(sha256: str, person: Person, today: date) -> bool:
    """Whoever may see an outlet sees the storefront and the counter of its file."""
    shows = or_(Outlet.storefront_photo == sha256, Outlet.counter_photo == sha256)
    return db.session.scalar(select(Outlet.id).where(shows, is_visible(person, today)).limit(1)) is not None
