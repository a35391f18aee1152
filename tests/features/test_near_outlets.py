"""Outlets entered by table that may be the same: many at once find the pairs that each would find alone."""

import random

from sqlalchemy import delete, select

from server.clock import now
from server.db import db
from server.outlets.duplicates import note_duplicates, note_duplicates_of
from server.outlets.models import Outlet, OutletDuplicate
from server.people.models import Region
from sync.ids import uuid7
from tests.sync.conftest import Company, _outlet, company  # noqa: F401

NAMES = ("望江烟酒", "望江烟酒店", "新街口便利店", "街口便利", "好又多超市", "红旗超市")


def pairs() -> set[tuple[str, str, float]]:
    db.session.flush()
    columns = (OutletDuplicate.outlet_id, OutletDuplicate.other_id, OutletDuplicate.distance_m)
    found = {(one, other, round(apart, 6)) for one, other, apart in db.session.execute(select(*columns))}
    db.session.execute(delete(OutletDuplicate))
    return found


def put(rng: random.Random, code: str, region_id: str, at: tuple[float, float] | None) -> Outlet:
    outlet = _outlet(code, region_id, now())
    outlet.name = rng.choice(NAMES)
    outlet.lat, outlet.lon = at or (None, None)
    db.session.add(outlet)
    return outlet


def test_many_at_once_are_the_pairs_of_each_alone(app, company: Company):
    rng = random.Random(5)
    with app.app_context():
        regions = [company.region_id, uuid7()]
        db.session.add(Region(id=regions[1], name="别的区域"))
        db.session.flush()
        outlets = []
        for centre in ((30.66, 104.07), (-0.001, 0.001), (64.0, 29.998)):
            places = [(centre[0] + rng.uniform(-0.006, 0.006), centre[1] + rng.uniform(-0.006, 0.006)) for _ in range(50)]
            outlets += [put(rng, f"N{len(outlets) + n}", rng.choice(regions), place) for n, place in enumerate(places)]
        outlets += [put(rng, "N-nowhere", regions[0], None)]
        gone = put(rng, "N-gone", regions[0], (30.66, 104.07))
        gone.removed_at = now()
        db.session.flush()
        entered = outlets[::2]
        for outlet in entered:
            note_duplicates(outlet, now())
        alone = pairs()
        note_duplicates_of(entered, now())
        assert pairs() == alone
        assert len(alone) > 20


def test_pairs_of_one_import_end_at_200_metres(app, company: Company):
    with app.app_context():
        rng = random.Random(1)
        one, near, far = (put(rng, code, company.region_id, (31.0 + lat, 104.0)) for code, lat in (("N1", 0.0), ("N2", 0.00179), ("N3", 0.0036)))
        one.name = near.name = far.name = "望江烟酒"
        db.session.flush()
        note_duplicates_of([one, far], now())
        assert {(a, b) for a, b, _ in pairs()} == {(one.id, near.id)}
        far.lat = 31.0 + 0.00358
        db.session.flush()
        note_duplicates_of([far, one], now())
        assert {(a, b) for a, b, _ in pairs()} == {(one.id, near.id), (far.id, near.id)}


def test_no_outlets_are_no_pairs(app, company: Company):
    with app.app_context():
        note_duplicates_of([], now())
        assert pairs() == set()
