"""The queues of the office as pages: who sees what, filters, pages by key, and what an outlet's page shows of them."""

import pytest

from server.clock import now
from server.outlets.duplicates import merge_outlets
from tests.features.browsing import console, untranslated
from tests.features.test_console_pages import MOST_QUERIES
from tests.features.waiting import all_of, lost, office, parked, record  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

# -- who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("login", "status"), [("boss", 200), ("chief", 200), ("farboss", 404), ("root", 403), ("rep1", 403), ("payer", 403)])
def test_changes_are_for_those_who_decide_on_the_outlet(app, parked, login, status):
    client = console(app, login)
    assert client.get(parked).status_code == status
    assert client.get("/waiting/changes").status_code == (403 if status == 403 else 200)
    assert client.post(f"{parked}/decision", data=all_of("take")).status_code == (302 if status == 200 else status)


@pytest.mark.parametrize(("login", "status"), [("boss", 302), ("chief", 302), ("farboss", 404), ("root", 403), ("rep1", 403), ("payer", 403)])
def test_values_that_lost_are_for_those_who_decide_on_the_outlet(app, lost, login, status):
    client = console(app, login)
    assert client.post(f"/waiting/values/{lost}/decision", data={"decision": "keep"}).status_code == status
    assert client.get("/waiting/values").status_code == (403 if status == 403 else 200)


@pytest.mark.parametrize(("login", "status"), [("boss", 200), ("chief", 200), ("root", 200), ("farboss", 404), ("rep1", 403), ("payer", 403)])
def test_records_are_for_supervisors_of_the_sender_managers_and_admins(app, record, login, status):
    client = console(app, login)
    assert client.get(record).status_code == status
    repairs = {"boss": 403, "farboss": 403, "chief": 302, "root": 302}.get(login, 403)
    assert client.post(f"{record}/retry").status_code == repairs


def test_only_managers_and_admins_close_records(app, record):
    for login, status in (("boss", 403), ("rep1", 403), ("root", 302)):
        assert console(app, login).post(f"{record}/closing", data={"reason": "重复"}).status_code == status


@pytest.mark.parametrize(("login", "address"), [("boss", "/waiting/values"), ("root", "/waiting/records")])
def test_the_start_leads_to_the_first_queue_that_waits(app, lost, record, login, address):
    assert console(app, login).get("/waiting").headers["Location"] == address


def test_the_start_page_and_navigation_count_what_waits(app, parked, lost, record):
    home = console(app, "boss").get("/").text
    assert "待处理记录" in home
    assert home.count("<b>3</b>") == 2
    assert "<b>3</b>" not in console(app, "farboss").get("/").text
    assert "待处理记录" not in console(app, "rep1").get("/").text


# -- the pages themselves ---------------------------------------------------------------------------------------------


def test_a_decision_and_the_tabs_keep_the_filter(app, company: Company, parked):
    boss, kept = console(app, "boss"), f"?region={company.region_id}&rep={company.rep_id}"
    page = boss.get(f"/waiting/changes{kept}").text.replace("&amp;", "&")
    assert f'href="{parked}{kept}"' in page and f'href="/waiting/values{kept}"' in page
    page = boss.get(f"{parked}{kept}").text.replace("&amp;", "&")
    assert f'<li><a href="/waiting/changes{kept}">' in page and f'action="{parked}/decision{kept}"' in page
    assert boss.post(f"{parked}/decision{kept}", data=all_of("take")).headers["Location"] == f"/waiting/changes{kept}"


def test_queues_are_filtered_by_region_and_rep(app, company: Company, parked, lost, record):
    client = console(app, "chief")
    for queue in ("changes", "values", "records"):
        assert "赵广田</td>" in client.get(f"/waiting/{queue}?rep={company.rep_id}&region={company.region_id}").text
        assert "赵广田</td>" not in client.get(f"/waiting/{queue}?rep={company.other_rep_id}").text
        assert "赵广田</td>" not in client.get(f"/waiting/{queue}?region=nowhere").text


def test_queues_page_by_key_oldest_first(app, company: Company, office, phone: Phone):
    for number in range(62):
        phone.push(phone.op(company.outlet_id, form=f"odd{number}.v1"))
    client = console(app, "chief")
    first = client.get("/waiting/records")
    following = first.text.partition("after=")[2].partition('"')[0]
    second = client.get(f"/waiting/records?after={following}").text
    assert "odd0.v1" in first.text and "odd59.v1" in first.text and "odd60.v1" not in first.text
    assert "odd60.v1" in second and "odd61.v1" in second and "odd59.v1" not in second
    assert client.get("/waiting/records?after=WyJ4IiwieSJd").status_code == 422


def test_every_page_in_english_has_no_chinese_but_data(app, parked, lost, record):
    for login in ("chief", "boss"):
        client = console(app, login, "en")
        for path in (parked, record, "/waiting/changes", "/waiting/values", "/waiting/records", "/"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert untranslated(answer.text) == [], path
            assert "style=" not in answer.text and "<script>" not in answer.text, path


def test_every_page_reads_with_few_queries(app, parked, lost, record):
    client = console(app, "chief")
    with statements(app) as asked:
        for path in (parked, record, "/waiting/changes", "/waiting/values", "/waiting/records"):
            asked.clear()
            assert client.get(path).status_code == 200, path
            assert len(asked) <= MOST_QUERIES + 2, (path, len(asked))


def test_htmx_gets_the_changing_part_alone(app, parked):
    part = console(app, "boss").get("/waiting/changes", headers={"HX-Request": "true"}).text
    assert "<!doctype html>" not in part and "王秀兰" not in part and "网点 CD-1" in part


# -- the outlet's page ------------------------------------------------------------------------------------------------


def test_an_outlets_page_shows_lost_values_beside_their_fields_and_restores_there(app, company: Company, lost):
    client, address = console(app, "boss"), f"/outlets/{company.outlet_id}"
    page = client.get(address).text
    assert "有值被替换了" in page and page.count("13800001001") == 2
    answer = client.post(f"/waiting/values/{lost}/decision", data={"decision": "restore", "next": address})
    assert answer.headers["Location"] == address
    page = client.get(address).text
    assert "有值被替换了" not in page and "13800001001" in page


def test_what_waits_for_a_decision_stands_first_on_an_outlets_page_and_says_what_it_is(app, company: Company, parked, request):
    boss, address = console(app, "boss"), f"/outlets/{company.outlet_id}"
    page = boss.get(address).text
    assert page.index("有改动等决定") < page.index("最近巡检") and "资料有人同时改过" not in page
    request.getfixturevalue("lost")
    assert "资料有人同时改过" in boss.get(address).text


def test_an_outlets_page_names_open_changes_and_reps_get_no_buttons(app, company: Company, parked, lost):
    address = f"/outlets/{company.outlet_id}"
    assert parked in console(app, "boss").get(address).text
    seen = console(app, "rep1").get(address).text
    assert "李建国" in seen and "13800001001" in seen
    assert parked not in seen and "恢复旧值" not in seen
    assert untranslated(console(app, "boss", "en").get(address).text) == []


def test_an_outlet_that_was_merged_leads_to_the_one_that_was_kept(app, company: Company, parked):
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    client = console(app, "boss")
    assert client.get(f"/outlets/{company.outlet_id}").headers["Location"] == f"/outlets/{company.second_outlet_id}"
    assert parked in client.get(f"/outlets/{company.second_outlet_id}").text
    assert console(app, "rep2").get(f"/outlets/{company.outlet_id}").status_code == 404
