"""One visit as its page shows it: the record, its files, the verdict with reasons, and what was said about it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.media.store import stored_among
from server.outlets.models import Outlet
from server.people.models import Person, Region, Role
from server.policy.queries import policy_of
from server.visits.comparing import PhotoPair, photo_pairs, visit_before
from server.visits.drawing import FenceDrawing, fence_drawing
from server.visits.flag_views import ShownFlag, shown_flags
from server.visits.models import Visit, VisitPhoto, VisitReview
from server.visits.queries import is_visible_visit, judged_among
from server.visits.readers import clock_set_back_ms
from server.visits.sample_models import DOUBTS, VisitSample
from server.visits.words import innocent_reading, reason_words, verdict_of
from sync.problems import Problem


@dataclass(frozen=True)
class Reason:
    words: str
    reading: str
    is_fault: bool


@dataclass(frozen=True)
class VisitView:
    """`stored` are the hashes whose files are here; `before` is the outlet's visit before this one, `pairs` their photos side by side.

    `doubt` is what a blind review said that sent the visit to be looked at, while it waits for that.
    """

    visit: Visit
    outlet: Outlet
    region: Region
    rep_name: str
    photos: list[VisitPhoto]
    stored: set[str]
    reviews: list[Any]
    before: Visit | None
    pairs: list[PhotoPair]
    drawing: FenceDrawing | None
    fence_m: float
    skew_flag_ms: int
    set_back_ms: int
    flags: list[ShownFlag]
    doubt: Any

    @property
    def verdict(self) -> str:
        return verdict_of(self.visit)

    @property
    def reasons(self) -> list[Reason]:
        codes = self.visit.reasons
        return [Reason(reason_words(code, self.visit), innocent_reading(code), code != "accepted_by_supervisor") for code in codes]

    @property
    def device_checked_in_at(self) -> datetime:
        """What the phone's own clock said."""
        return self.visit.checked_in_at - timedelta(milliseconds=self.visit.clock_offset_ms)

    @property
    def skew_s(self) -> int:
        return round(abs(self.visit.clock_offset_ms) / 1000)

    @property
    def set_back_minutes(self) -> int:
        """Minutes by which the phone's clock was set back before this record; 0 for less than the policy flags."""
        return round(self.set_back_ms / 60_000) if self.set_back_ms > self.skew_flag_ms else 0

    @property
    def is_skewed(self) -> bool:
        return abs(self.visit.clock_offset_ms) > self.skew_flag_ms


def visit_view(reader: Person, visit_id: str, today: date) -> VisitView:
    """The visit with all its page needs, or `not_found` for whoever may not know of it."""
    query = select(Visit, Outlet, Region, Person.name).join(Outlet, Outlet.id == Visit.outlet_id)
    query = query.join(Region, Region.id == Outlet.region_id).join(Person, Person.id == Visit.rep_id)
    row = db.session.execute(query.where(Visit.id == visit_id, is_visible_visit(reader, today))).one_or_none()
    if row is None:
        raise Problem("not_found", f"visit {visit_id}")
    visit, outlet, region = row[0], row[1], row[2]
    before = visit_before(visit, reader, today)
    photos = _photos([visit.id, *([before.id] if before else [])])
    pairs = photo_pairs(photos[visit.id], photos[before.id]) if before else []
    hashes = [photo.sha256 for photo in photos[visit.id]] + [pair.then.sha256 for pair in pairs]
    policy = policy_of(Month.of_date(visit.visited_on))
    fence_m = float(policy.decimal("visit.fence_radius_m"))
    return VisitView(
        visit=visit,
        outlet=outlet,
        region=region,
        rep_name=row.name,
        photos=photos[visit.id],
        stored=stored_among(hashes + ([visit.signature_sha256] if visit.signature_sha256 else [])),
        reviews=_reviews(visit_id),
        before=before,
        pairs=pairs,
        drawing=fence_drawing(visit, outlet, fence_m),
        fence_m=fence_m,
        skew_flag_ms=policy.integer("sync.skew_flag_ms"),
        set_back_ms=clock_set_back_ms(visit.op_id, visit.checked_in_at),
        flags=shown_flags(visit_id, reader, today),
        doubt=_doubt(visit),
    )


def _photos(visit_ids: list[str]) -> dict[str, list[VisitPhoto]]:
    found: dict[str, list[VisitPhoto]] = {visit_id: [] for visit_id in visit_ids}
    for photo in db.session.scalars(select(VisitPhoto).where(VisitPhoto.visit_id.in_(visit_ids)).order_by(VisitPhoto.position)):
        found[photo.visit_id].append(photo)
    return found


def _reviews(visit_id: str) -> list[Any]:
    query = select(VisitReview.decision, VisitReview.reason, VisitReview.at, Person.name).join(Person, Person.id == VisitReview.by_id)
    query = query.where(VisitReview.visit_id == visit_id).order_by(VisitReview.at.desc(), VisitReview.id.desc())
    return list(db.session.execute(query))


def _doubt(visit: Visit) -> Any:
    if "sample_doubted" not in visit.reasons:
        return None
    query = select(VisitSample.reason, VisitSample.answered_at, Person.name).join(Person, Person.id == VisitSample.by_id)
    return db.session.execute(query.where(VisitSample.visit_id.in_(_corrected(visit)), VisitSample.answer == DOUBTS)).first()


def _corrected(visit: Visit) -> list[str]:
    """The visit and those that it corrects, one after another."""
    found: list[str] = []
    one: Visit | None = visit
    while one is not None and one.id not in found:
        found.append(one.id)
        one = db.session.get(Visit, one.corrects_id) if one.corrects_id else None
    return found


def may_review(person: Person, view: VisitView) -> bool:
    """The supervisor of the outlet's region (RULEBOOK §1), where there is no other the manager, but nobody an own visit."""
    if person.holds(Role.MANAGER):
        return bool(judged_among(person, [view.visit.id]))
    return is_of_own_region(person, view) and view.visit.rep_id != person.id


def is_of_own_region(person: Person, view: VisitView) -> bool:
    return person.holds(Role.SUPERVISOR) and view.outlet.region_id in person.region_ids
