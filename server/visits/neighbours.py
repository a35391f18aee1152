"""Which visits bear on each other's flags: the rep's visit before and after, and those that show the same or a like photo.

Only sealed visits count: of others not every file is here yet. Visits are ordered by check-in and id, so that whatever order they
arrive in, the same one carries the flag.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, literal, select, tuple_, union_all

from server.db import UtcInstant, db
from server.domain.evidence import Fix, Twin
from server.domain.photo_look import MOST_BITS, bands_of, distance_bits, near_bands
from server.media.models import PhotoHash
from server.visits.models import Visit, VisitPhoto

CHUNK = 500
BANDS = (PhotoHash.band_0, PhotoHash.band_1, PhotoHash.band_2, PhotoHash.band_3)
_TIME = (Visit.checked_in_at, Visit.id)


def _is_before(visit: Visit) -> ColumnElement[bool]:
    return tuple_(*_TIME) < _place_of(visit)


def _is_after(visit: Visit) -> ColumnElement[bool]:
    return tuple_(*_TIME) > _place_of(visit)


def _place_of(visit: Visit) -> Any:
    return tuple_(literal(visit.checked_in_at, UtcInstant()), literal(visit.id))


def _of_same_rep(visit: Visit) -> tuple[ColumnElement[bool], ...]:
    """Visits that travel is judged by; one that was corrected is stood for by its correction."""
    return (Visit.rep_id == visit.rep_id, Visit.seal.is_not(None), Visit.is_replaced.is_(False), Visit.fix_taken_at.is_not(None))


def fix_before(visit: Visit) -> Fix | None:
    """Where the rep's visit before this one was checked in; None for a visit that was corrected."""
    if visit.is_replaced:
        return None
    query = select(Visit).where(*_of_same_rep(visit), _is_before(visit)).order_by(*(part.desc() for part in _TIME)).limit(1)
    before = db.session.scalar(query)
    return None if before is None else fix_of(before)


def fix_of(visit: Visit) -> Fix | None:
    if visit.fix_lat is None or visit.fix_lon is None or visit.fix_taken_at is None:
        return None
    return Fix(visit.fix_lat, visit.fix_lon, visit.fix_accuracy_m, visit.fix_taken_at)


def photo_twins(visit: Visit, hashes: list[str], most_bits: int) -> tuple[Twin | None, Twin | None]:
    """The earliest visit that shows one of these very files, and one that shows a like one; a file counts for one of them only.

    A correction may show the photos of what it corrects.
    """
    query = _showing(hashes).where(_is_before(visit), Visit.id.not_in(_corrections(visit)))
    shown = db.session.execute(query.order_by(*_TIME)).all()
    same = Twin(shown[0].id, shown[0].visited_on, 0) if shown else None
    reused = {row.sha256 for row in shown}
    return same, _alike_photo(visit, [sha256 for sha256 in hashes if sha256 not in reused], most_bits)


def _alike_photo(visit: Visit, hashes: list[str], most_bits: int) -> Twin | None:
    """Of earlier visits to other outlets the one whose photo is most like one of these; of equal ones the earliest.

    A photo of this outlet that was shown at another by mistake says nothing against who photographs it again.
    """
    near = {sha256: bits for sha256, bits in alike_hashes(hashes).items() if bits <= most_bits}
    found: list[tuple[Any, ...]] = []
    for chunk in _chunks(sorted(near)):
        rows = db.session.execute(_showing(chunk).where(_is_before(visit))).all()
        own = {row.sha256 for row in rows if row.outlet_id == visit.outlet_id}
        found += [(near[row.sha256], row.checked_in_at, row.id, row.visited_on) for row in rows if row.sha256 not in own]
    if not found:
        return None
    bits, _, visit_id, visited_on = min(found)
    return Twin(visit_id, visited_on, bits)


def affected_by(visit: Visit, hashes: list[str]) -> set[str]:
    """The later visits whose flags this one may change, whether it bears on them now or did before."""
    following = select(Visit.id).where(*_of_same_rep(visit), _is_after(visit)).order_by(*_TIME).limit(1)
    found = set(db.session.scalars(following))
    for chunk in _chunks(sorted({*hashes, *alike_hashes(hashes)})):
        found.update(row.id for row in db.session.execute(_showing(chunk).where(_is_after(visit))))
    return found


def _showing(hashes: Iterable[str]) -> Any:
    columns = (Visit.id, Visit.visited_on, Visit.checked_in_at, Visit.outlet_id, VisitPhoto.sha256)
    query = select(*columns).join(VisitPhoto, VisitPhoto.visit_id == Visit.id)
    return query.where(VisitPhoto.sha256.in_(hashes), Visit.seal.is_not(None))


def _corrections(visit: Visit) -> set[str]:
    """The visit, what it corrects, and what corrects it, step by step."""
    query = select(Visit.id, Visit.corrects_id).where(Visit.outlet_id == visit.outlet_id, Visit.rep_id == visit.rep_id)
    links = [(later, earlier or later) for later, earlier in db.session.execute(query.where(Visit.corrects_id.is_not(None)))]
    chain = {visit.id}
    while more := {one for link in links if chain & set(link) for one in link} - chain:
        chain |= more
    return chain


def alike_hashes(hashes: list[str]) -> dict[str, int]:
    """Other photos within MOST_BITS of one of these, with the bits that differ."""
    found: dict[str, int] = {}
    looks = db.session.scalars(select(PhotoHash.look).where(PhotoHash.sha256.in_(hashes), PhotoHash.look.is_not(None)))
    for text in looks.all():
        for sha256, bits in near_looks(int(text or "0", 16)).items():
            if sha256 not in hashes:
                found[sha256] = min(bits, found.get(sha256, bits))
    return found


def near_looks(look: int) -> dict[str, int]:
    """Photos within MOST_BITS of a look: those with a band near to one of its bands, then counted exactly."""
    parts = [select(PhotoHash.sha256, PhotoHash.look).where(column.in_(near_bands(band))) for column, band in zip(BANDS, bands_of(look), strict=True)]
    rows = db.session.execute(union_all(*parts))
    distances = {sha256: distance_bits(look, int(text or "0", 16)) for sha256, text in rows}
    return {sha256: bits for sha256, bits in distances.items() if bits <= MOST_BITS}


def _chunks(hashes: list[str]) -> Iterable[list[str]]:
    return (hashes[start : start + CHUNK] for start in range(0, len(hashes), CHUNK))
