"""The photo wall: by day and page, with the same place at the last visit, for whoever may see the visits."""

import re
from html import unescape

import pytest

from server.db import db
from server.visits.models import VisitPhoto
from tests.features.browsing import console, untranslated
from tests.features.conftest import stored_file
from tests.features.staff import Staff, staff  # noqa: F401
from tests.statements import statements


def add_photo(visit_id, position, slot, name):
    first = db.session.get_one(VisitPhoto, (visit_id, 0))
    made = {"sha256": stored_file(name) if name else "f" * 64, "slot": slot, "source": "camera", "taken_at": first.taken_at}
    db.session.add(VisitPhoto(visit_id=visit_id, position=position, width=1, height=1, size=1, **made))


def own_photo(visit_id, name):
    db.session.get_one(VisitPhoto, (visit_id, 0)).sha256 = stored_file(name)


@pytest.fixture
def wall(app, company, staff: Staff, add_visit):
    """Two visits of one outlet with storefront and counter, one that was replaced between them, one elsewhere, one far away."""
    with app.app_context():
        then = add_visit(company.outlet_id, company.rep_id, "2026-11-03T02:00:00+00:00")
        gone = add_visit(company.outlet_id, company.rep_id, "2026-11-04T02:00:00+00:00", is_replaced=True)
        this = add_visit(company.outlet_id, company.rep_id, "2026-11-05T02:00:00+00:00", distance_m=900.0)
        other = add_visit(company.second_outlet_id, company.other_rep_id, "2026-11-05T03:00:00+00:00")
        far = add_visit(staff.far_outlet_id, staff.ids["farrep"], "2026-11-05T04:00:00+00:00")
        for name, visit_id in (("then", then), ("gone", gone), ("this", this), ("other", other), ("far", far)):
            own_photo(visit_id, name)
        add_photo(then, 1, "counter", "then counter")
        add_photo(this, 1, "counter", "this counter")
        add_photo(this, 2, "other", "")
        db.session.commit()
        shas = {name: stored_file(name) for name in ("then", "gone", "this", "other", "far", "then counter", "this counter")}
    return {"visits": {"then": then, "gone": gone, "this": this, "other": other}, "shas": shas}


def shown_names(text, wall):
    """The photos of the page in order, by the names that the fixture gave."""
    names = {sha256: name for name, sha256 in wall["shas"].items()}
    return [names[sha256] for sha256 in re.findall(r'<img src="/photos/([0-9a-f]{64})\?size=thumb"', text)]


def test_the_wall_has_the_newest_day_first_and_each_visits_photos_in_order(app, wall):
    text = console(app, "boss").get("/visits/photos?month=2026-11").text
    assert shown_names(text, wall) == ["other", "this", "this counter", "gone", "then", "then counter"]
    assert [day for day in re.findall(r"<h2>(2026-11-\d\d)", text)] == ["2026-11-05", "2026-11-04", "2026-11-03"]
    assert "还在手机上，没有传到" in text and "赵广田" in text and "林晓月" in text


def test_each_photo_names_the_same_place_at_the_last_visit_that_holds(app, wall):
    text = console(app, "boss").get("/visits/photos?month=2026-11").text
    pairs = dict(re.findall(r'href="/photos/([0-9a-f]{64})\?size=full"[^>]* data-then="/photos/([0-9a-f]{64})\?size=full"', text))
    shas = wall["shas"]
    assert pairs == {shas["gone"]: shas["then"], shas["this"]: shas["then"], shas["this counter"]: shas["then counter"]}
    assert text.count("上次 11-03") == 3


def test_the_wall_keeps_to_the_filter_of_the_list(app, company, wall):
    boss = console(app, "boss")
    assert shown_names(boss.get("/visits/photos?verdict=waiting").text, wall) == ["this", "this counter"]
    assert shown_names(boss.get(f"/visits/photos?month=2026-11&rep={company.other_rep_id}").text, wall) == ["other"]
    assert shown_names(boss.get(f"/visits/photos?month=2026-11&outlet={company.second_outlet_id}").text, wall) == ["other"]
    assert "没有这样的照片" in boss.get("/visits/photos?month=2026-10").text


def test_pages_of_the_wall_go_on_within_a_visit(app, wall, monkeypatch):
    monkeypatch.setattr("server.console.paging.PAGE_ROWS", 2)
    boss, seen, path = console(app, "boss"), [], "/visits/photos?month=2026-11"
    while path:
        text = boss.get(path).text
        seen.append(shown_names(text, wall))
        following = re.search(r'href="([^"]+)">下一页', text)
        path = unescape(following[1]) if following else ""
    assert seen == [["other", "this"], ["this counter"], ["gone", "then"], ["then counter"]]


def test_everybody_sees_the_photos_of_the_visits_they_may_see(app, wall):
    path, seen = "/visits/photos?month=2026-11", {}
    for login in ("chief", "farboss", "farrep", "rep2"):
        seen[login] = set(shown_names(console(app, login).get(path).text, wall))
    assert seen["chief"] == set(wall["shas"])
    assert seen["farboss"] == seen["farrep"] == {"far"}
    assert seen["rep2"] == {"other"}


def test_a_rep_is_not_shown_the_last_photo_of_an_outlet_out_of_reach(app, company, wall, add_visit):
    with app.app_context():
        own = add_visit(company.outlet_id, company.other_rep_id, "2026-11-08T02:00:00+00:00")
        own_photo(own, "far")
        db.session.commit()
    text = console(app, "rep2").get("/visits/photos?month=2026-11").text
    assert "far" in shown_names(text, wall) and "data-then=" not in text
    assert wall["shas"]["this"] in console(app, "boss").get("/visits/photos?month=2026-11&from=2026-11-08").text


def test_the_wall_in_english_reads_with_few_queries_and_in_part(app, wall):
    boss = console(app, "boss", "en")
    with statements(app) as asked:
        answer = boss.get("/visits/photos?month=2026-11")
    assert answer.status_code == 200 and len(asked) <= 10, asked
    assert untranslated(answer.text) == [] and "style=" not in answer.text
    part = boss.get("/visits/photos?month=2026-11", headers={"HX-Request": "true"})
    assert "<!doctype html>" not in part.text and "data-shot" in part.text


@pytest.mark.parametrize("query", ["after=x", "after=WyJhIiwiYiJd", "month=2026-13", "verdict=maybe"])
def test_an_address_that_cannot_be_is_refused(app, company, query):
    assert console(app, "boss").get(f"/visits/photos?{query}").status_code == 422


def test_the_list_leads_to_the_wall_with_its_filter(app, company, wall):
    text = console(app, "boss").get(f"/visits?month=2026-11&rep={company.rep_id}").text
    assert f'href="/visits/photos?month=2026-11&amp;rep={company.rep_id}"' in text


def test_an_outlets_page_shows_its_newest_photos_and_leads_to_the_wall(app, company, wall):
    page = console(app, "boss").get(f"/outlets/{company.outlet_id}").text
    latest = page.split("最近照片")[1].split("</section>")[0]
    assert shown_names(latest, wall) == ["this", "this counter", "then", "then counter"]
    link = unescape(re.search(r'href="(/visits/photos[^"]*)"', latest)[1])
    assert f"outlet={company.outlet_id}" in link and "from=2026-11-03" in link
    assert shown_names(console(app, "boss").get(link).text, wall) == ["this", "this counter", "gone", "then", "then counter"]


def test_changing_the_rep_is_folded_until_it_is_asked_for_or_goes_wrong(app, company):
    boss, address = console(app, "boss"), f"/outlets/{company.outlet_id}"
    assert '<details class="card folds"><summary>换片区负责人' in boss.get(address).text
    wrong = boss.post(f"{address}/assignment", data={"person_id": "", "starts_on": "2026-11-01"})
    assert wrong.status_code == 422 and '<details class="card folds" open><summary>换片区负责人' in wrong.text
