"""Drawing the blind sample: every night a share of the visits that count and that nobody has to look at otherwise.

A visit is drawn when a keyed hash of its id lies below the share. So another run of the night draws the same visits and no more, in
whatever order they arrived; nobody who makes the id, as phones do, can know whether it will be drawn, since the key is the server's
secret; and every rep's visits are drawn alike, over time the same share of each rep's.
"""

import hmac
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import exists, insert, select

from server.db import db, take_turn
from server.domain.months import MONTHS_CHECKED, Month, business_date, months_until
from server.policy.queries import policy_of
from server.visits.models import Visit, VisitReview
from server.visits.sample_models import VisitSample

SHARE = "review.sample_share"
ARRIVED_WITHIN = timedelta(days=31)  # long enough that holding records or photos back for a while is no way around it
HASH_BITS = 64


def draw_samples(now: datetime) -> int:
    """Draw of the visits that arrived within the last month; returns how many are new. Safe to repeat; the caller commits.

    The share is the policy of the visit's month. Visits whose files or flags are still missing are asked for again the next night.
    """
    take_turn("samples")
    drawn_on = business_date(now)
    rows = [{"visit_id": visit_id, "drawn_on": drawn_on, "share": share, "reason": ""} for visit_id, share in _drawn(now, drawn_on)]
    if rows:
        db.session.execute(insert(VisitSample), rows)
    return len(rows)


def is_drawn(visit_id: str, share: Decimal, key: bytes) -> bool:
    """Whether the visit belongs to a sample of this share (0 to 1); whoever is in a smaller one is in every larger one."""
    digest = hmac.digest(key, f"sample {visit_id}".encode(), "sha256")
    return int.from_bytes(digest[: HASH_BITS // 8]) < share * 2**HASH_BITS


def _drawn(now: datetime, today: date) -> Iterator[tuple[str, str]]:
    key = str(current_app.config["SECRET_KEY"]).encode()
    shares: dict[Month, str] = {}
    for visit_id, visited_on in db.session.execute(_not_drawn(now, today)).all():
        month = Month.of_date(visited_on)
        if month not in shares:
            shares[month] = policy_of(month).text(SHARE)
        if is_drawn(visit_id, Decimal(shares[month]), key):
            yield visit_id, shares[month]


def _not_drawn(now: datetime, today: date) -> Any:
    """Visits that count and are scored, on which nobody has said a word; an accepted or rejected one was looked at already."""
    first_day = months_until(Month.of_date(today), MONTHS_CHECKED)[0].first_day
    query = select(Visit.id, Visit.visited_on).where(Visit.visited_on.between(first_day, today), Visit.received_at > now - ARRIVED_WITHIN)
    query = query.where(Visit.counts, Visit.needs_review.is_(False), Visit.score.is_not(None))
    is_drawn_before, is_reviewed = exists().where(VisitSample.visit_id == Visit.id), exists().where(VisitReview.visit_id == Visit.id)
    return query.where(~is_drawn_before, ~is_reviewed).order_by(Visit.visited_on, Visit.id)
