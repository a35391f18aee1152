"""Working out flags and scores of visits that are noted (evidence_due.py), one short transaction each.

Safe to run twice, in parallel or to be killed: a note goes in the transaction that writes what follows from it, and flags are
worked out from the rows alone, so whatever the order, everything ends as one clean run would leave it.
"""

import logging
from datetime import datetime

from sqlalchemy import select

from server.db import db, is_passing, read_only, take_turn
from server.domain.evidence import Flag, VisitEvidence, visit_flags, visit_score
from server.domain.months import Month
from server.domain.photo_look import bands_of
from server.domain.policy import Policy
from server.feed.clock import touch, upsert
from server.media.looks import look_of
from server.media.models import PhotoHash
from server.media.store import blob_path, stored_among
from server.outlets.queries import hold_outlets
from server.policy.queries import policy_of
from server.visits.evidence_due import due_visits, mark_due, mark_overlooked, take_due
from server.visits.models import Visit, VisitFlag, VisitPhoto
from server.visits.neighbours import affected_by, fix_before, fix_of, photo_twins
from server.visits.readers import clock_moved_ms, clock_set_back_ms

log = logging.getLogger(__name__)

TURN = "evidence"
AT_ONCE = 200


def flag_due_visits() -> int:
    """Work off all notes; returns how many visits were looked at. Commits one by one.

    A visit on which it breaks is left noted for the next run and holds nobody up.
    """
    done, failed = 0, set[str]()
    while due := _due(failed):
        for visit_id in due:
            try:
                hash_photos(visit_id)
                done += _look_at(visit_id)
            except Exception as fault:
                db.session.rollback()
                if is_passing(fault):
                    raise
                log.exception("flags of visit %s could not be worked out", visit_id)
                failed.add(visit_id)
    return done


def flag_overlooked_visits(_now: datetime) -> int:
    """As `flag_due_visits`, and what an earlier release or a restored backup left without; for the night."""
    done, last = flag_due_visits(), ""
    while found := mark_overlooked(last, AT_ONCE):
        db.session.commit()
        done, last = done + flag_due_visits(), found[-1]
    db.session.rollback()
    return done


def _due(failed: set[str]) -> list[str]:
    with read_only():
        db.session.rollback()
        due = due_visits(AT_ONCE, failed)
        db.session.rollback()
    return due


def hash_photos(visit_id: str) -> int:
    """Look at photos of the visit that nobody looked at yet; returns how many. Commits; files are read outside the transaction."""
    with read_only():
        query = select(VisitPhoto.sha256).outerjoin(PhotoHash, PhotoHash.sha256 == VisitPhoto.sha256)
        unseen = sorted(set(db.session.scalars(query.where(VisitPhoto.visit_id == visit_id, PhotoHash.sha256.is_(None)))))
        unseen = sorted(stored_among(unseen))
        db.session.rollback()
    rows = [_look_row(sha256, blob_path(sha256).read_bytes()) for sha256 in unseen if blob_path(sha256).exists()]
    if rows:
        db.session.execute(upsert(PhotoHash).values(rows).on_conflict_do_nothing())
        db.session.commit()
    return len(rows)


def _look_row(sha256: str, content: bytes) -> dict[str, object]:
    look = look_of(content)
    bands = bands_of(look) if look is not None else (None,) * 4
    return {"sha256": sha256, "look": None if look is None else f"{look:016x}", **{f"band_{place}": band for place, band in enumerate(bands)}}


def _look_at(visit_id: str) -> bool:
    """Work one note off; False when somebody else did meanwhile. Commits."""
    take_turn(TURN)
    visit = db.session.get(Visit, visit_id)
    if visit is not None:
        hold_outlets({visit.outlet_id})
    spreads = take_due(visit_id)
    if spreads is None or visit is None:
        db.session.rollback()
        return False
    db.session.refresh(visit)
    photos = list(db.session.scalars(select(VisitPhoto).where(VisitPhoto.visit_id == visit_id).order_by(VisitPhoto.position)))
    hashes = sorted({photo.sha256 for photo in photos})
    policy = policy_of(Month.of_date(visit.visited_on))
    _keep(visit, visit_flags(_evidence(visit, photos, hashes, policy), policy))
    if spreads:
        for other_id in sorted(affected_by(visit, hashes)):
            mark_due(other_id, spreads=False)
    db.session.commit()
    return True


def _evidence(visit: Visit, photos: list[VisitPhoto], hashes: list[str], policy: Policy) -> VisitEvidence:
    same, alike = photo_twins(visit, hashes, policy.integer("evidence.alike_max_bits"))
    return VisitEvidence(
        checked_in_at=visit.checked_in_at,
        fix=fix_of(visit),
        distance_m=visit.distance_m,
        before=fix_before(visit),
        photos_taken_at=tuple(photo.taken_at for photo in photos),
        clock_offset_ms=visit.clock_offset_ms,
        clock_set_back_ms=clock_set_back_ms(visit.op_id, visit.checked_in_at),
        clock_moved_ms=clock_moved_ms(visit.op_id),
        same_photo=same,
        alike_photo=alike,
    )


def _keep(visit: Visit, flags: tuple[Flag, ...]) -> None:
    """Write what differs; phones hear of it with the visit."""
    before = {row.code: row for row in db.session.scalars(select(VisitFlag).where(VisitFlag.visit_id == visit.id))}
    wanted = {flag.code: flag for flag in flags}
    is_same = {(row.code, row.points, repr(sorted(row.detail.items()))) for row in before.values()} == {
        (flag.code, flag.points, repr(sorted(flag.figures.items()))) for flag in flags
    }
    score = visit_score(flags)
    if is_same and visit.score == score:
        return
    for code, row in before.items():
        if code not in wanted:
            db.session.delete(row)
    for flag in flags:
        row = before.get(flag.code) or VisitFlag(visit_id=visit.id, code=flag.code)
        row.points, row.detail = flag.points, flag.figures
        db.session.add(row)
    visit.score = score
    touch(db.session, *visit.feed_entries())
