"""Phones with unsent records, for the list before a month is closed."""

from sqlalchemy import func, or_, select

from server.domain.months import Month
from server.intake.models import SyncClient
from server.payroll.close_checks import Check
from server.people.models import Person, PersonRole, Role


def unsent_phones(_month: Month) -> Check:
    """Reps whose phone still held records or photos when one last told how it stands; older installations say nothing any more.

    A client that never told (a rescue file is one) hides nobody's phone.
    """
    later = SyncClient.__table__.alias("later")
    is_older = select(later.c.client_id).where(later.c.person_id == SyncClient.person_id, later.c.told_at > SyncClient.told_at).exists()
    reps = select(PersonRole.person_id).where(PersonRole.role == Role.REP)
    holds = or_(SyncClient.queue_length > 0, SyncClient.photos_unsent > 0)
    query = select(func.count(func.distinct(SyncClient.person_id))).join(Person, Person.id == SyncClient.person_id)
    return Check("phones", query.where(Person.is_active, Person.id.in_(reps), holds, ~is_older).scalar_subquery())
