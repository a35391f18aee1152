"""Positions that visits propose: made once at night, decided by the supervisor, drawn to scale; no visit's verdict moves by itself."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.db import db
from server.intake.said import last_said
from server.outlets.edits import set_outlet_field
from server.outlets.fields import Writer
from server.outlets.models import Outlet
from server.visits.drawing import position_drawing
from server.visits.models import Visit
from server.visits.position_models import PositionProposal
from server.visits.position_proposals import propose_positions
from tests.features.browsing import console, untranslated
from tests.features.conftest import add_visit, noon  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.waiting import edit
from tests.statements import statements
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

TODAY = date(2026, 11, 24)
NIGHT = noon(TODAY)
LAT, LON, DEGREE_M = 30.66, 104.07, 111_195.08
MOST_QUERIES = 13  # a BEGIN is counted too


@pytest.fixture
def seen(app, company: Company, add_visit):
    """Visits at the first outlet whose fixes lie so many metres north of it, a day apart; those beyond the widened fence wait for a review."""

    def see(*north_m: float, last: date = TODAY, accuracy_m: float = 60.0, **changes) -> list[str]:
        with app.app_context():
            ids = []
            for number, metres in enumerate(north_m):
                at = f"{last - timedelta(days=len(north_m) - number)}T09:00:00+08:00"
                place = {"fix_lat": LAT + metres / DEGREE_M, "fix_lon": LON, "fix_accuracy_m": accuracy_m, "distance_m": metres}
                ids.append(add_visit(company.outlet_id, company.rep_id, at, **place | changes))
            return ids

    return see


def night(app, on: date = TODAY) -> int:
    with app.app_context():
        made = propose_positions(noon(on))
        db.session.commit()
        return made


def proposals(app) -> list[PositionProposal]:
    with app.app_context():
        return list(db.session.scalars(select(PositionProposal).order_by(PositionProposal.made_at)))


def verdicts(app) -> list[tuple[str, bool, bool]]:
    with app.app_context():
        return [(visit.id, visit.counts, visit.needs_review) for visit in db.session.scalars(select(Visit).order_by(Visit.id))]


def position_of(app, company: Company) -> tuple[float, float]:
    with app.app_context():
        outlet = db.session.get_one(Outlet, company.outlet_id)
        return outlet.lat, outlet.lon


def decide(client, proposal: PositionProposal, decision: str, reason: str = ""):
    return client.post(f"/waiting/positions/{proposal.id}/decision", data={"decision": decision, "reason": reason})


@pytest.fixture
def proposal(app, company: Company, staff: Staff, seen) -> PositionProposal:
    seen(230, 240, 255)
    assert night(app) == 1
    return proposals(app)[0]


def test_three_visits_that_agree_propose_a_position_once(app, company: Company, seen):
    ids = seen(230, 240, 255)
    before = verdicts(app)
    assert all(counts for _, counts, _ in before)
    assert (night(app), night(app)) == (1, 0)
    [made] = proposals(app)
    assert round((made.lat - LAT) * DEGREE_M, 3) == 240.0 and made.accuracy_m == 60.0 and sorted(made.visit_ids) == sorted(ids)
    assert position_of(app, company) == (LAT, LON) and verdicts(app) == before


@pytest.mark.parametrize(
    "visits",
    [
        {"north_m": (230, 240)},
        {"north_m": (210, 235, 261)},
        {"north_m": (180, 190, 199)},
        {"north_m": (230, 240, 250), "accuracy_m": 101.0},
        {"north_m": (400, 410, 420)},
        {"north_m": (230, 240, 250), "signature_sha256": None},
        {"north_m": (230, 240, 250), "last": TODAY - timedelta(days=88)},
    ],
    ids=["two visits", "51 m apart", "within the fence", "poor accuracy", "waiting for a review", "not counting", "older than 90 days"],
)
def test_other_visits_propose_nothing(app, seen, visits):
    seen(*visits["north_m"], **{name: value for name, value in visits.items() if name != "north_m"})
    assert night(app) == 0


def test_an_outlet_that_churned_is_proposed_nowhere(app, company: Company, seen):
    seen(230, 240, 250)
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).churned_on = TODAY
        db.session.commit()
    assert night(app) == 0


def test_after_a_word_against_it_three_new_visits_propose_it_again(app, proposal, seen):
    assert decide(console(app, "boss"), proposal, "declined", "门口修路").status_code == 302
    with app.app_context():
        db.session.get_one(PositionProposal, proposal.id).settled_at = NIGHT
        db.session.commit()
    later = TODAY + timedelta(days=5)
    assert night(app, later) == 0
    seen(230, 240, last=later)
    assert night(app, later) == 0
    seen(250, last=later + timedelta(days=1))
    assert night(app, later) == 1
    assert [one.outcome for one in proposals(app)] == ["declined", ""]


def test_approving_moves_the_outlet_and_phones_hear_of_it(app, company: Company, proposal, phone: Phone):
    _, cursor = phone.pull()
    before = verdicts(app)
    assert decide(console(app, "boss"), proposal, "approved").status_code == 302
    assert position_of(app, company) == (proposal.lat, proposal.lon) and verdicts(app) == before
    events, _ = phone.pull(cursor)
    [sent] = [event for event in events if event["type"] == "outlet"]
    assert (sent["doc"]["lat"], sent["doc"]["lon"]) == (proposal.lat, proposal.lon)
    with app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "outlet.position_approved")).one()
        assert (row.actor_id, row.subject_id, row.detail["before"]) == (company.supervisor_id, company.outlet_id, "30.660000, 104.070000")
        assert last_said(company.outlet_id)["position"].person_id == company.supervisor_id
    assert night(app) == 0  # its visits lie within the fence now
    again = decide(console(app, "boss"), proposal, "declined")
    assert again.status_code == 409 and "位置已改" in again.text


def test_a_position_that_moved_meanwhile_overtakes_the_proposal(app, company: Company, proposal):
    with app.app_context():
        place = {"lat": LAT + 0.002, "lon": LON, "accuracy_m": 5.0}
        set_outlet_field(company.outlet_id, "position", place, Writer(company.supervisor_id, NIGHT))
        db.session.commit()
    answer = decide(console(app, "boss"), proposal, "approved")
    assert answer.status_code == 409 and position_of(app, company) == (LAT + 0.002, LON)
    assert night(app) == 0
    assert [one.outcome for one in proposals(app)] == ["overtaken"]


def test_nobody_is_led_back_to_where_an_outlet_moved_from(app, company: Company, seen):
    seen(3, 5, 8)
    with app.app_context():
        place = {"lat": LAT + 2000 / DEGREE_M, "lon": LON, "accuracy_m": 5.0}
        set_outlet_field(company.outlet_id, "position", place, Writer(company.supervisor_id, NIGHT))
        db.session.commit()
    assert night(app) == 0


def test_visits_from_before_an_approved_position_propose_no_older_one(app, proposal, seen):
    assert decide(console(app, "boss"), proposal, "approved").status_code == 302
    with app.app_context():
        db.session.get_one(PositionProposal, proposal.id).settled_at = NIGHT
        db.session.commit()
    seen(-230, -240, -250, distance_m=240.0, received_at=NIGHT - timedelta(minutes=1))
    assert night(app) == 0


def test_a_newest_visit_at_the_registered_place_keeps_it(app, seen):
    seen(230, 240, 250, last=TODAY - timedelta(days=9))
    seen(4)
    assert night(app) == 0


def test_a_removed_outlet_is_not_moved_and_its_proposal_says_why(app, company: Company, proposal):
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).removed_at = NIGHT
        db.session.commit()
    answer = decide(console(app, "boss"), proposal, "approved")
    assert answer.status_code == 409 and position_of(app, company) == (LAT, LON)
    assert "网点已合并或删除，不用再定" in answer.text and "网点的位置已经另外改了" not in answer.text
    page = console(app, "boss", "en").get(f"/waiting/positions/{proposal.id}").text
    assert "The outlet was merged or removed; nothing to decide" in page and untranslated(page) == []


REFUSED = {"rep1": 403, "ops": 403, "payer": 403, "clerk": 403, "root": 403, "farboss": 404, "boss": 200, "chief": 200}


@pytest.mark.parametrize(("login", "status"), list(REFUSED.items()))
def test_a_proposal_is_for_those_who_decide_about_the_outlet(app, company: Company, proposal, login, status):
    client = console(app, login)
    assert client.get(f"/waiting/positions/{proposal.id}").status_code == status
    assert client.get("/waiting/positions").status_code == (403 if status == 403 else 200)
    if status != 200:
        assert decide(client, proposal, "approved").status_code == status
        assert position_of(app, company) == (LAT, LON)
    if status != 403:
        assert ("网点 CD-1" in client.get("/waiting/positions").text) == (status == 200)


def test_an_unknown_decision_or_proposal_is_refused(app, company: Company, proposal):
    client = console(app, "boss")
    assert decide(client, proposal, "maybe").status_code == 422
    assert client.get("/waiting/positions/none").status_code == 404


def test_the_pages_are_in_both_languages_with_few_queries(app, company: Company, staff: Staff, proposal):
    with statements(app) as asked:
        client = console(app, "boss", "en")
        for path in ("", f"?region={company.region_id}", f"/{proposal.id}"):
            asked.clear()
            answer = client.get(f"/waiting/positions{path}")
            assert answer.status_code == 200 and untranslated(answer.text) == [] and "style=" not in answer.text
            assert len(asked) <= MOST_QUERIES, (path, len(asked))
    page = console(app, "boss").get(f"/waiting/positions/{proposal.id}").text
    assert "相距 240 m" in page and page.count('class="m-fix"') == 4 and "距登记位置" in page  # three fixes and the key
    assert "位置建议 <b>1</b>" in console(app, "boss").get("/waiting/positions").text


def test_a_position_that_a_rep_sends_is_drawn_too(app, company: Company, staff: Staff, seen, phone: Phone):
    base = {"lat": LAT, "lon": LON, "accuracy_m": None}
    op_id = edit(phone, company.outlet_id, position=(base, {"lat": LAT + 300 / DEGREE_M, "lon": LON, "accuracy_m": 8.0}))
    page = console(app, "boss").get(f"/waiting/changes/{op_id}").text
    assert "登记位置和建议位置，相距 300 m" in page
    op_id = edit(phone, company.outlet_id, position=(base, None))
    assert "登记位置和建议位置" not in console(app, "boss").get(f"/waiting/changes/{op_id}").text


def test_positions_are_drawn_to_scale():
    drawing = position_drawing((30.0, 104.0), (30.0 + 300 / DEGREE_M, 104.0), [(30.0 + 290 / DEGREE_M, 104.0), (31.0, 104.0)], 200.0)
    assert drawing is not None
    assert (drawing.registered, drawing.proposed, drawing.fixes) == ((180.0, 138.8), (180.0, 26.0), [(180.0, 29.8)])  # one is too far to be drawn
    assert (drawing.fence, drawing.scale_m, round(drawing.moved_m or 0)) == (75.2, 200, 300)
    first = position_drawing(None, (30.0, 104.0), [], 200.0)
    assert first is not None and first.registered is None and first.moved_m is None
    assert position_drawing((30.0, 104.0), (-30.0, 104.0), [], 200.0) is None
