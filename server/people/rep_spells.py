"""From when to when people are reps: a month that is over is paid by the role of its own days (RULEBOOK §10, §11)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from sqlalchemy import select

from server.db import db
from server.domain.months import business_date
from server.people.models import Person, RepSpell
from sync.ids import uuid7

Days = tuple[date, date]
ONE_DAY = timedelta(days=1)


def begin_rep_spell(person: Person, day: date) -> None:
    """A rep from this day on. A role that was taken away the same day was never gone."""
    last = _last_spell(person)
    if last is not None and last.ends_on is not None and last.ends_on >= day - ONE_DAY:
        last.ends_on = None
    else:
        db.session.add(RepSpell(id=uuid7(), person_id=person.id, starts_on=day))


def end_rep_spell(person: Person, day: date) -> None:
    """A rep up to the day before. A role that was given the same day was never there."""
    last = _last_spell(person)
    since = business_date(person.created_at) if last is None else last.starts_on
    if since is not None and since >= day:
        if last is not None:
            db.session.delete(last)
    elif last is None:
        db.session.add(RepSpell(id=uuid7(), person_id=person.id, ends_on=day - ONE_DAY))
    else:
        last.ends_on = day - ONE_DAY


def _last_spell(person: Person) -> RepSpell | None:
    query = select(RepSpell).where(RepSpell.person_id == person.id)
    return db.session.scalar(query.order_by(RepSpell.starts_on.desc().nulls_last()).limit(1))


def days_not_rep() -> dict[str, tuple[Days, ...]]:
    """First and last days on which people with dated spells were no reps, by person."""
    spells: defaultdict[str, list[RepSpell]] = defaultdict(list)
    for spell in db.session.scalars(select(RepSpell).order_by(RepSpell.person_id, RepSpell.starts_on.nulls_first())):
        spells[spell.person_id].append(spell)
    return {person_id: tuple(_between(own)) for person_id, own in spells.items()}


def _between(spells: Iterable[RepSpell]) -> Iterator[Days]:
    free_from: date | None = date.min
    for spell in spells:
        if free_from is not None and spell.starts_on is not None:
            yield free_from, spell.starts_on - ONE_DAY
        free_from = spell.ends_on and spell.ends_on + ONE_DAY
    if free_from is not None:
        yield free_from, date.max
