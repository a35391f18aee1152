"""Policy pages: dated values, what would change. Happy, who may not, bad input, twice."""

from datetime import date

import pytest
from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.domain.policy_keys import POLICY_KEYS
from server.findings.models import Finding
from server.outlets.models import Outlet
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.payroll.models import WageLine, WageSheet
from server.payroll.policy_views import shown_keys
from server.payroll.what_if import what_if
from server.policy.models import PolicyValue
from server.policy.queries import policy_of
from server.visits.compliance import refresh_outlet_months
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_payroll_facts import complete
from tests.features.wages import DECEMBER_2, moved, upheld

NOV = Month(2026, 11)


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def change(value="1200", valid_from="2026-12-01", reason="调整", key="wage.base_yuan", **more):
    return {"value": value, "valid_from": valid_from, "reason": reason, "action": "set", **more}


def test_every_key_stands_on_its_page_with_value_and_source(app, staff):
    client = console(app, "payer")
    text = "".join(client.get(f"/policy?group={group}").text for group in ("wage", "visit", "class", "training", "service", "system"))
    for key in POLICY_KEYS.values():
        assert key.key in text and key.zh in text, key.key
    assert "1,100 元" in client.get("/policy?group=wage").text


@pytest.mark.parametrize(
    ("key", "words"), [("bonus.volume_rate", "3‰（0.003）"), ("wage.deduction_limit_share", "20%（0.2）"), ("review.sample_share", "3%（0.03）")]
)
def test_a_share_is_written_as_the_regulation_writes_it_and_as_it_is_typed(app, staff, key, words):
    assert words in console(app, "chief").get(f"/policy?open={key}").text


def test_the_manager_sets_a_value_from_a_day_on(app, staff):
    client = console(app, "chief")
    assert client.post("/policy/wage.base_yuan", data=change()).status_code == 302
    assert (policy_of(NOV).text("wage.base_yuan"), policy_of(Month(2026, 12)).text("wage.base_yuan")) == ("1100.00", "1200")
    page = client.get("/policy?open=wage.base_yuan").text
    assert "2026年12月 起 1,200 元" in page and "从2026年12月起算" in page and "调整" in page and "郑怀远" in page


def test_a_value_of_the_middle_of_a_month_is_shown_from_the_next_month_on(app, staff):
    client = console(app, "chief")
    for value, day in (("1150", "2026-11-01"), ("1200", "2026-11-02"), ("1250", "2026-11-15")):
        answer = client.post("/policy/wage.base_yuan", data=change(value, day), follow_redirects=True)
    assert "已定，从2026年12月起算" in answer.text
    november, december = (shown(app, date(2026, month, 30)) for month in (11, 12))
    assert (november.value, november.since, [(one.words, one.month) for one in november.later]) == (
        *("1150", date(2026, 11, 1)),
        [("1,250 元", Month(2026, 12))],
    )
    assert (december.value, december.since, december.later) == ("1250", date(2026, 12, 1), [])
    assert [(one.words, one.valid_from) for one in november.history] == [
        ("1,250 元", date(2026, 11, 15)),
        ("1,200 元", date(2026, 11, 2)),
        ("1,150 元", date(2026, 11, 1)),
    ]


def shown(app, day):
    with app.test_request_context():
        return next(one for one in shown_keys(day) if one.key.key == "wage.base_yuan")


def test_a_value_set_twice_is_kept_twice_and_the_last_holds(app, staff):
    client = console(app, "chief")
    for value in ("1200", "1250"):
        client.post("/policy/wage.base_yuan", data=change(value))
    assert policy_of(Month(2026, 12)).text("wage.base_yuan") == "1250"
    assert db.session.query(PolicyValue).count() == 2
    page = client.get("/policy?open=wage.base_yuan").text
    assert "1,200 元" in page and "1,250 元" in page


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"value": "viel"}, "写成 0.003 或 1200 这样的数"),
        ({"value": "-1"}, "写成 0.003 或 1200 这样的数"),
        ({"valid_from": "soon"}, "写成 2026-11-24 这样的日期"),
        ({"reason": " "}, "这里要填"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_kept_in_the_form(app, staff, fault, words):
    answer = console(app, "chief").post("/policy/wage.base_yuan", data=change(**fault))
    assert answer.status_code == 422 and words in answer.text
    assert db.session.query(PolicyValue).count() == 0


def test_required_photos_are_a_list_of_those_that_a_visit_has(app, staff):
    client, key = console(app, "chief"), "visit.required_photo_slots"
    refused = client.post(f"/policy/{key}", data=change(value="storefront,till"))
    assert refused.status_code == 422 and "storefront（门头）" in refused.text and 'value="storefront,till"' in refused.text
    typed = change(value="storefront， counter、other", action="try", month="2026-11")
    tried = client.post(f"/policy/{key}", data=typed, follow_redirects=True)
    assert tried.status_code == 200 and "试算，没有改任何东西" in tried.text
    assert client.post(f"/policy/{key}", data=change(value="storefront， counter、other")).status_code == 302
    assert policy_of(Month(2026, 12)).text(key) == "storefront,counter,other"
    assert "storefront,counter,other" in client.get(f"/policy?open={key}").text


def test_a_closed_month_keeps_its_policy(app, company, staff):
    close_month(NOV, "先关", staff.ids["chief"], noon(DECEMBER_2))
    answer = console(app, "chief").post("/policy/wage.base_yuan", data=change(valid_from="2026-11-01"))
    assert answer.status_code == 422 and "这个月已经关账" in answer.text


@pytest.mark.parametrize("login", ["payer", "root", "boss", "rep1", "ops", "clerk"])
def test_only_the_manager_sets_policy(app, staff, login):
    for action in ("set", "try"):
        assert console(app, login).post("/policy/wage.base_yuan", data=change(action=action)).status_code == 403


@pytest.mark.parametrize(("login", "status"), [("chief", 200), ("payer", 200), ("root", 200), ("boss", 403), ("rep1", 403), ("ops", 403)])
def test_who_reads_policy(app, staff, login, status):
    assert console(app, login).get("/policy").status_code == status


def test_an_unknown_key_is_not_found(app, staff):
    assert console(app, "chief").get("/policy?open=wage.nothing").status_code == 404
    assert console(app, "chief").post("/policy/wage.nothing", data=change()).status_code == 404


def drafted(company):
    refresh_outlet_months(NOV, noon(DECEMBER_2))
    draft_month(NOV, noon(DECEMBER_2))


def everything():
    tables = (PolicyValue, WageSheet, WageLine, Finding)
    return [sorted(str(row) for row in db.session.execute(select(*table.__table__.columns))) for table in tables]


def differences(key, value, month=NOV):
    found = what_if(month, key, value, DECEMBER_2)
    return {one.name: str(one.by_yuan) for one in found.differences}, {code: (str(now), str(then)) for code, now, then in found.figures}


def test_what_if_shows_each_persons_difference_and_writes_nothing(app, company, staff):
    drafted(company)
    before = everything()
    typed = change(action="try", month="2026-11", reason="")
    answer = console(app, "chief").post("/policy/wage.base_yuan", data=typed, follow_redirects=True)
    assert answer.status_code == 200 and "试算，没有改任何东西" in answer.text
    assert answer.text.count("100.00</td>") >= 3 and "赵广田" in answer.text
    db.session.rollback()
    assert everything() == before


def test_what_if_of_a_value_that_cannot_be_says_so(app, company, staff):
    answer = console(app, "chief").post("/policy/wage.base_yuan", data=change("x", action="try"), follow_redirects=True)
    assert answer.status_code == 422 and "写成 0.003 或 1200 这样的数" in answer.text


def test_what_if_a_deduction_cost_more(app, company, staff):
    upheld(company.rep_id, staff.ids["chief"])
    assert differences("wage.churned_yuan", "50")[0] == {"赵广田": "-20.00"}


def test_what_if_new_customers_needed_more_transfers(app, company, staff):
    complete(company.outlet_id, date(2026, 11, 7))
    moved(company.outlet_id, date(2026, 11, 8), "300.00")
    assert differences("customer.least_transfer_yuan", "300.01")[0] == {"赵广田": "-10.00"}
    assert differences("customer.least_transfer_yuan", "299.99")[0] == {}


def test_what_if_the_fence_were_narrower(app, company, staff, add_visit):
    for outlet_id, metres in ((company.outlet_id, 150.0), (company.second_outlet_id, 20.0)):
        add_visit(outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00", distance_m=metres)
    drafted(company)
    by_person, figures = differences("visit.fence_radius_m", "100")
    assert by_person == {"赵广田": "-120.00"}  # the award, and one outlet newly missed
    assert (figures["visits"], figures["missed"]) == (("2", "1"), ("1", "2"))  # the outlet of the other region is missed anyway


def test_what_if_more_visits_were_owed(app, company, staff, add_visit):
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        add_visit(outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    drafted(company)
    by_person, figures = differences("visit.owed_c", "2")
    assert by_person["赵广田"] == "-140.00"
    assert figures["visits"] == ("2", "2")


def test_what_if_an_upheld_miss_were_none(app, company, staff, add_visit):
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00", distance_m=300.0)
    upheld(company.rep_id, staff.ids["chief"], kind="missed_visit", outlet_id=company.outlet_id, on=DECEMBER_2)
    drafted(company)
    assert differences("visit.fence_radius_m", "400")[0] == {"赵广田": "120.00"}


def test_what_if_a_miss_already_upheld_by_hand_were_found_costs_once(app, company, staff, add_visit):
    for outlet_id, metres in ((company.outlet_id, 150.0), (company.second_outlet_id, 20.0)):
        add_visit(outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00", distance_m=metres)
    upheld(company.rep_id, staff.ids["chief"], kind="missed_visit", outlet_id=company.outlet_id, on=DECEMBER_2)
    drafted(company)
    assert differences("visit.fence_radius_m", "100")[0] == {}


def test_what_if_classes_began_elsewhere(app, company, staff, add_visit):
    outlet = db.session.get_one(Outlet, company.outlet_id)
    outlet.chain_outlets = 5
    db.session.commit()
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        add_visit(outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    drafted(company)
    assert differences("class.a_chain_outlets", "5")[0]["赵广田"] == "-120.00"


def test_what_if_tells_when_a_month_cannot_be_worked_out_again(app, staff):
    page = console(app, "chief").get("/policy?open=complaint.working_days").text
    assert "已经发生的月份算不出差别" in page and 'value="try"' not in page
    page = console(app, "chief").get("/policy?open=complaint.office_kept_charged").text
    assert "哪些投诉会提成考核事项" in page and 'value="try"' not in page
    page = console(app, "chief").get("/policy?open=material.unsigned_counts").text
    assert "没有签字的不能事后补签" in page and "由经理不予认定" in page and 'value="try"' not in page


def test_the_page_of_a_fence_says_when_visits_made_already_are_judged_anew(app, staff):
    for key in ("visit.fence_radius_m", "visit.fence_accuracy_cap_m"):
        assert "当夜按新值重新判断" in console(app, "chief").get(f"/policy?open={key}").text
    assert "当夜按新值重新判断" not in console(app, "chief").get("/policy?open=visit.owed_a").text


def test_the_page_of_a_threshold_says_from_when_classes_follow(app, staff):
    assert "夜里按新值重新定所有网点的类型" in console(app, "chief").get("/policy?open=class.a_fee_yuan").text
    assert "夜里按新值重新定所有网点的类型" not in console(app, "chief").get("/policy?open=visit.owed_a").text
