"""Regions in the console: adding, changing, and removing those that nothing belongs to. Who may not: test_people_pages."""

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.checklists.models import Checklist
from server.clock import now
from server.db import db
from server.people.models import Region
from server.reports.tokens import make_token
from tests.features.browsing import console
from tests.features.noticing import add_channel
from tests.features.staff import staff  # noqa: F401


def region_of(app, name: str) -> Region | None:
    with app.app_context():
        return db.session.scalar(select(Region).where(Region.name == name))


def test_a_region_is_added_renamed_and_removed(app, company, staff):
    root = console(app, "root")
    assert root.post("/regions", data={"name": "高新区", "lat": "30.5", "lon": "104.06"}).status_code == 303
    region = region_of(app, "高新区")
    assert (region.centre_lat, region.centre_lon) == (30.5, 104.06)
    for _ in range(2):
        assert root.post(f"/regions/{region.id}", data={"name": "高新南区", "lat": "", "lon": ""}).status_code == 303
    assert region_of(app, "高新南区").centre_lat is None
    assert root.post(f"/regions/{region.id}/removal").status_code == 303
    assert region_of(app, "高新南区") is None
    assert root.post(f"/regions/{region.id}/removal").status_code == 404
    with app.app_context():
        actions = select(AuditRow.action).where(AuditRow.subject_id == region.id).order_by(AuditRow.id)
        assert list(db.session.scalars(actions)) == ["region.added", "region.changed", "region.removed"]


def test_a_region_of_people_and_outlets_stays(app, company, staff):
    answer = console(app, "root").post(f"/regions/{company.region_id}/removal")
    assert answer.status_code == 422 and "不能删除" in answer.text and 'value="30.66"' in answer.text
    assert region_of(app, "城东区域") is not None


def add_checklist(region_ids: list[str], _by_id: str) -> None:
    row = Checklist(id="c" * 36, zh="查", en="Check", classes=[], region_ids=region_ids, draft=[], revision=1, next_key=1)
    row.made_at = row.changed_at = now()
    db.session.add(row)


def add_notice(region_ids: list[str], by_id: str) -> None:
    add_channel("webhook", "https://8.8.8.8/x", by_id, now(), region_ids=region_ids)


def add_token(region_ids: list[str], by_id: str) -> None:
    make_token("程序", ["outlets"], region_ids, by_id, now())


@pytest.mark.parametrize("add", [add_checklist, add_notice, add_token])
def test_a_region_that_is_named_in_a_list_stays_until_it_is_not(app, company, staff, add):
    root = console(app, "root")
    for name in ("高新区", "天府区"):
        root.post("/regions", data={"name": name, "lat": "", "lon": ""})
    region_id, other_id = region_of(app, "高新区").id, region_of(app, "天府区").id
    with app.app_context():
        add([region_id, company.region_id], staff.ids["root"])
        db.session.commit()
    answer = root.post(f"/regions/{region_id}/removal")
    assert answer.status_code == 422 and "检查清单、通知或报表令牌用着这个区域" in answer.text
    assert region_of(app, "高新区") is not None
    assert root.post(f"/regions/{other_id}/removal").status_code == 303


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "区" * 81}, "name"),
        ({"name": "城西区域"}, "name"),
        ({"name": "新", "lat": "90.1", "lon": "104"}, "lat"),
        ({"name": "新", "lat": "30", "lon": ""}, "lon"),
        ({"name": "新", "lat": "30", "lon": "180.1"}, "lon"),
        ({"name": "新", "lat": "nan", "lon": "104"}, "lat"),
    ],
)
def test_a_region_with_a_fault_is_neither_added_nor_changed(app, company, staff, form, field):
    root = console(app, "root")
    for path in ("/regions", f"/regions/{company.region_id}"):
        answer = root.post(path, data=form)
        assert answer.status_code == 422 and f'id="bad-{field}"' in answer.text, path
    with app.app_context():
        assert sorted(db.session.scalars(select(Region.name))) == ["城东区域", "城西区域"]


def test_a_region_at_the_edge_of_what_can_be_is_added(app, company, staff):
    assert console(app, "root").post("/regions", data={"name": "区" * 80, "lat": "-90", "lon": "180"}).status_code == 303
