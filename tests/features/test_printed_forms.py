"""The paper forms 附表二 to 附表五 of one record each: all that the form asks, for whoever may open the record's page, and for nobody else."""

import re
from datetime import datetime

import pytest
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.clock import now
from server.complaints.actions import Intake, receive_complaint
from server.complaints.models import Complaint
from server.db import db
from server.followups.actions import Look, look_at_follow_up
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet
from server.training.actions import Held, record_training
from server.training.models import Training
from server.visits.models import Visit
from server.visits.verdicts import review_visit
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.printed import FORMS, IDENTITY, NOVEMBER_6, NOVEMBER_9, Records, change, paper, records, words  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

LOGINS = ("rep1", "rep2", "boss", "chief", "ops", "root", "payer", "clerk", "farboss", "farrep")
HOSTILE = '<script>alert("坏")</script>&<b>'
MOST_QUERIES = 20  # a BEGIN is counted too


def test_an_outlet_file_has_every_field_of_form_2(app, records: Records):
    page = paper(app, records.pages["附表二"])
    assert "附表二 编号 CD-1 客户资料表 市场营销部 城东区域" in words(page)
    assert "代理商 蜀都代理商 门店名称 网点 CD-1 门店类型 A B ✓ C 面积 45 m²，不到 100 m² 片区负责人 赵广田" in words(page)
    assert "地址 桥头路 18 号 负责人 王秀兰 联系电话 13800000217 证件" in words(page)
    expected = "工号 YD-20417 2026-01-05 建 门店基本资料 所处方位 桥头市场东门 30.66000, 104.07000 (WGS-84) 周围居民户数 1,200 营业面积 45 m²"
    assert expected in words(page)
    assert "连锁网点数量 1 加盟/自建营业厅 是 ✓ 否 月收费额 12,000 元 月缴费笔数 860 笔" in words(page)
    assert "物料是否齐备 ✓ 是 否 物料摆放合规否 是 否 店面是否整洁 是 ✓ 否" in words(page)
    assert "收费人 李敏 是否取得上岗资格证 ✓ 是 否 收费人 何芳 是否取得上岗资格证 是 ✓ 否" in words(page)
    assert "店面照片 门头照片 没有柜台照片 柜台照片" in words(page)
    assert "提交 赵广田 / 01-04 10:30 负责人审核 郑怀远 / 2026-01-05 客服部建档" in words(page)
    assert page.count("<img") == 1


def test_an_outlet_file_shows_the_identity_masked_only(app, records: Records):
    for login in ("rep1", "boss", "chief", "clerk"):
        page = paper(app, records.pages["附表二"], login)
        assert IDENTITY not in page and IDENTITY[6:14] not in page
        assert re.search(r"证件 居民身份证 \S*\*{4,}\S* 工号", words(page))


def test_a_training_has_every_field_of_form_3(app, records: Records):
    page = paper(app, records.pages["附表三"])
    assert re.search(r"附表三 编号 PX-20261109-[0-9A-F]{6} 客户培训计划表 市场营销部 城东区域", words(page))
    expected = "代理商名称 蜀都代理商 门店名称 网点 CD-1 培训地点 店里柜台 培训区域 城东区域 培训人 赵广田 参与培训人数 3 培训日期 2026-11-09 周一"
    assert expected in words(page)
    assert "类别 新客户 ✓ 按计划 计划培训内容 补传怎么做 培训内容 补传、对账 参加的人 王秀兰、李敏 照片" in words(page)
    assert "网点签字 签字的人 王秀兰" in words(page)
    assert page.count("<img") == 2


def test_a_visit_has_every_field_of_form_4(app, records: Records, company: Company):
    with app.app_context():
        review_visit(records.visit, "accepted", "位置看过", company.supervisor_id, noon(NOVEMBER_9))
    page = paper(app, records.pages["附表四"])
    assert re.search(r"附表四 编号 XJ-20261106-[0-9A-F]{6} 客户巡检表 市场营销部 城东区域", words(page))
    expected = "门店名称 网点 CD-1 片区负责人 赵广田 地址 桥头路 18 号 类别 A 类网点 2 次/月 B 类网点 1 次/月 ✓ C 类网点 1 次/月"
    assert expected in words(page)
    expected = "巡检日期 2026-11-06 周五 巡检人 赵广田 时间 10:12–10:27 · 15 分钟 到店定位 距网点 20 m，允许 210 m 是否有投诉 ✓ 是 否 到账慢"
    assert expected in words(page)
    assert "现场情况 回答 备注 公示牌完好吗 破损 掉在地上 物料是否齐备 齐备 物料摆放合规否 合规" in words(page)
    assert "现场情况 柜台乱 处理状况 一起收拾了 照片 门头 10:12" in words(page)
    assert "网点签字 签字的人 王秀兰 (负责人) 审核 计入 · 周敏 接受 11-09 12:00 · 位置看过" in words(page)
    assert page.count("<img") == 2


def test_a_visit_names_what_was_registered_that_day_with_owner_and_state(app, records: Records, company: Company):
    page = words(paper(app, records.pages["附表四"]))
    assert "公示牌掉了 运维部 2026-11-11" in page and "三天后才登记的" not in page
    with app.app_context():
        look = Look(uuid7(), True, "换好了", noon(NOVEMBER_9))
        look_at_follow_up(records.follow_up, look, company.rep_id, noon(NOVEMBER_9))
    assert "公示牌掉了 运维部 2026-11-11 2026-11-09" in words(paper(app, records.pages["附表四"]))


def test_a_complaint_has_every_field_of_form_5(app, records: Records):
    page = paper(app, records.pages["附表五"])
    assert re.search(r"附表五 编号 TS-20261106-[0-9A-F]{6} 客户投诉处理表 市场营销部 城东区域", words(page))
    expected = "投诉网点 网点 CD-1 类别 到账 投诉人 刘女士 传真/电话 028-8512 收到日期 2026-11-06 期限 2026-11-11 投诉事件记录 交了 200 元没到账"
    assert expected in words(page)
    expected = "投诉人要求 尽快到账 调查结果 ✓ 属实 不属实 收费机断网 调查人/日期 周敏 / 2026-11-06 处理结果 当场补传 处理人/日期 赵广田 / 2026-11-09"
    assert expected in words(page)
    expected = "客户反馈 处理结果 ✓ 满意 基本满意 不满意 处理速度 满意 ✓ 基本满意 不满意 客户反馈意见 下次快点 客户签字 上报经理 吴静 / 11-09 12:00"
    assert expected in words(page)
    assert page.count("<img") == 1


@pytest.mark.parametrize("form", FORMS)
def test_a_form_says_who_printed_it_and_when(app, records: Records, form):
    before = now()
    page = words(paper(app, records.pages[form], "chief"))
    at = re.search(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) 打印 · 郑怀远$", page)
    assert at
    printed_at = datetime.fromisoformat(f"{at[1]}+08:00")
    assert before.replace(microsecond=0) <= printed_at <= now()


@pytest.mark.parametrize("form", FORMS)
def test_a_form_answers_everybody_as_the_records_page_does(app, records: Records, form):
    path = records.pages[form]
    answers = {login: (console(app, login).get(path).status_code, console(app, login).get(f"{path}/print").status_code) for login in LOGINS}
    assert all(page == on_paper for page, on_paper in answers.values()), answers
    assert {login for login, (_, on_paper) in answers.items() if on_paper == 404} == {"rep2", "farboss", "farrep"}
    assert {login for login, (_, on_paper) in answers.items() if on_paper == 200} == set(LOGINS) - {"rep2", "farboss", "farrep"}


def test_a_complaint_about_a_rep_is_no_paper_for_the_rep_before_it_is_investigated(app, records: Records):
    change(app, Complaint, records.complaint, is_about_rep=True, verdict="", assigned_to_id=None)
    assert console(app, "rep1").get(f"{records.pages['附表五']}/print").status_code == 404
    change(app, Complaint, records.complaint, verdict="unfounded")
    assert console(app, "rep1").get(f"{records.pages['附表五']}/print").status_code == 200


@pytest.mark.parametrize("path", ["/outlets", "/trainings", "/visits", "/complaints"])
def test_an_unknown_record_is_no_paper(app, records: Records, path):
    chief = console(app, "chief")
    for record_id in (uuid7(), "x", "%00"):
        answer = chief.get(f"{path}/{record_id}/print")
        assert answer.status_code == chief.get(f"{path}/{record_id}").status_code, record_id
        assert answer.status_code == 404 or record_id == "%00"


def test_the_file_of_a_merged_outlet_leads_to_the_one_that_was_kept(app, records: Records, company: Company):
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    answer = console(app, "boss").get(f"/outlets/{company.outlet_id}/print")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/outlets/{company.second_outlet_id}/print")
    assert console(app, "farboss").get(f"/outlets/{company.outlet_id}/print").status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_a_records_page_leads_to_its_paper_and_back(app, records: Records, form):
    path = records.pages[form]
    assert f'href="{path}/print"' in console(app, "boss").get(path).text
    assert f'href="{path}"' in paper(app, path)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_in_english_has_the_companys_title_first(app, records: Records, form):
    page = paper(app, records.pages[form], "boss", "en")
    assert untranslated(page) == []
    titles = {
        "附表二": "附表二 Form 2 No. CD-1 客户资料表 Outlet file Marketing department",
        "附表三": "客户培训计划表 Customer training plan and record Marketing department",
        "附表四": "客户巡检表 Outlet visit record Marketing department",
        "附表五": "客户投诉处理表 Complaint form Marketing department",
    }
    assert titles[form] in words(page)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_in_chinese_has_no_english_title(app, records: Records, form):
    assert not re.search(r"Form|Marketing|record|Complaint|file", words(paper(app, records.pages[form])))


def test_hostile_texts_stay_texts_on_paper(app, records: Records):
    change(app, Outlet, records.outlet, name=HOSTILE, address=HOSTILE, position_text=HOSTILE, cashiers=[{"name": HOSTILE, "is_certified": True}])
    change(app, Training, records.training, place=HOSTILE, content=HOSTILE, attendees=[{"name": HOSTILE}], signer_name=HOSTILE)
    change(app, Visit, records.visit, condition=HOSTILE, handling=HOSTILE, complaint_note=HOSTILE, signer_name=HOSTILE)
    change(app, Complaint, records.complaint, account=HOSTILE, demand=HOSTILE, investigation=HOSTILE, handling=HOSTILE, feedback_text=HOSTILE)
    for form, times in (("附表二", 4), ("附表三", 5), ("附表四", 6), ("附表五", 6)):
        page = paper(app, records.pages[form])
        assert "<script>" not in page and "alert(&#34;" in page, form
        assert words(page).count(HOSTILE) == times, form


def test_a_visit_without_a_signature_says_why(app, records: Records):
    change(app, Visit, records.visit, signature_sha256=None, signature_refusal="店主不在，店员不愿代签")
    assert "网点签字 没有签字，原因： 店主不在，店员不愿代签 审核" in words(paper(app, records.pages["附表四"]))
    change(app, Visit, records.visit, signature_refusal=None)
    assert "网点签字 没有签字，也没有写原因。 审核" in words(paper(app, records.pages["附表四"]))


def test_a_training_without_a_signature_says_why(app, records: Records):
    change(app, Training, records.training, signature_sha256=None, signature_refusal="店主看过，不愿签")
    assert "网点签字 没有签字，原因： 店主看过，不愿签" in words(paper(app, records.pages["附表三"]))
    change(app, Training, records.training, signature_refusal=None)
    assert "网点签字 没有签字，也没有写原因。" in words(paper(app, records.pages["附表三"]))


def test_a_complaint_without_a_signature_says_whether_it_is_handled(app, records: Records):
    change(app, Complaint, records.complaint, signature_sha256=None)
    assert "客户签字 没有签字，也没有写原因。 上报经理" in words(paper(app, records.pages["附表五"]))
    change(app, Complaint, records.complaint, resolved_on=None)
    assert "客户签字 还没有处理完。 上报经理" in words(paper(app, records.pages["附表五"]))


def test_a_picture_that_a_phone_still_has_to_send_is_told(app, records: Records):
    change(app, Visit, records.visit, signature_sha256="d" * 64)
    change(app, Training, records.training, photos=["d" * 64])
    change(app, Outlet, records.outlet, storefront_photo="d" * 64)
    for form, images in (("附表四", 1), ("附表三", 1), ("附表二", 0)):
        page = paper(app, records.pages[form])
        assert ("还在手机上，没有传到" in page, page.count("<img")) == (True, images), form


def test_an_empty_field_is_a_line_to_write_on(app, company: Company, staff: Staff, add_visit):
    with app.app_context():
        visit_id = add_visit(company.second_outlet_id, company.other_rep_id, "2026-11-06T10:12:00+08:00")
        facts = (uuid7(), company.second_outlet_id, "other", False, True, NOVEMBER_6, "", "", "没有写别的", "")
        complaint_id = receive_complaint(Intake(*facts), staff.ids["ops"], noon(NOVEMBER_6)).id
        held = Held(uuid7(), company.second_outlet_id, company.rep_id, NOVEMBER_9, True, "", "使用", (), 1, "a" * 64, "b" * 64, "")
        training_id = record_training(held, company.rep_id, noon(NOVEMBER_9)).id
    blanks = {
        f"/outlets/{company.second_outlet_id}": 15,
        f"/trainings/{training_id}": 5,
        f"/visits/{visit_id}": 3,
        f"/complaints/{complaint_id}": 9,
    }
    for path, lines in blanks.items():
        page = paper(app, path)
        assert page.count('class="blank"') == lines, path
        assert "None" not in words(page) and "—" not in words(page), path


@pytest.mark.parametrize("form", FORMS)
def test_a_form_tells_nothing_of_wages_and_points(app, records: Records, form):
    change(app, Visit, records.visit, score=77)
    page = words(paper(app, records.pages[form]))
    assert not re.search(r"(?<![0-9A-Fa-f])77(?![0-9A-Fa-f])|证据分|工资|绩效|考核|扣|奖", page)


def test_printing_is_noted_no_more_than_looking(app, records: Records):
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(AuditRow))
    for path in records.pages.values():
        console(app, "boss").get(path)
        paper(app, path)
    with app.app_context():
        noted = db.session.scalars(select(AuditRow.action).order_by(AuditRow.id.desc()).limit(20)).all()
        assert db.session.scalar(select(func.count()).select_from(AuditRow)) == before, noted


@pytest.mark.parametrize("form", FORMS)
def test_a_form_reads_with_few_queries_and_holds_nothing_inline(app, records: Records, form):
    client = console(app, "boss")
    with statements(app) as asked:
        page = client.get(f"{records.pages[form]}/print").text
    assert len(asked) <= MOST_QUERIES, (len(asked), asked)
    assert "style=" not in page and "<script>" not in page
