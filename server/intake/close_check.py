"""Phones with unsent records, for the list before a month is closed."""

from datetime import datetime, time, timedelta

from sqlalchemy import func, or_, select

from server.domain.months import SHANGHAI, Month
from server.intake.models import SyncClient
from server.payroll.close_checks import Check
from server.people.models import Person, PersonRole, Role


def unsent_phones(month: Month) -> Check:
    """Reps whose phone still held records or photos when one last told how it stands; older installations say nothing any more.

    A client that never told (a rescue file is one) hides nobody's phone. A phone whose oldest record is later than the month is no
    hindrance.
    """
    later = SyncClient.__table__.alias("later")
    is_older = select(later.c.client_id).where(later.c.person_id == SyncClient.person_id, later.c.told_at > SyncClient.told_at).exists()
    reps = select(PersonRole.person_id).where(PersonRole.role == Role.REP)
    holds = or_(SyncClient.queue_length > 0, SyncClient.photos_unsent > 0)
    of_month = or_(SyncClient.oldest_unsent_at.is_(None), SyncClient.oldest_unsent_at < _end_of(month))
    query = select(func.count(func.distinct(SyncClient.person_id))).join(Person, Person.id == SyncClient.person_id)
    return Check("phones", query.where(Person.is_active, Person.id.in_(reps), holds, of_month, ~is_older).scalar_subquery())


def _end_of(month: Month) -> datetime:
    """The first instant after the month in Shanghai."""
    return datetime.combine(month.last_day + timedelta(days=1), time(), SHANGHAI)
