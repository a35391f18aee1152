"""Tables of people, agents, outlets and assignments, and what comes of checking and taking them back."""

from typing import Any

from sqlalchemy import select

from server.db import db
from server.outlets.models import Outlet
from tests.features.browsing import console
from tests.features.staff import staff  # noqa: F401
from tests.features.table_imports import check, faults_of
from tests.features.tables import workbook

PEOPLE_HEAD = ["工号", "姓名", "角色", "区域", "上岗日期", "语言"]
AGENTS_HEAD = ["代理商", "电话"]
OUTLETS_HEAD = ["网点编号", "名称", "区域", "代理商"]
ASSIGNMENTS_HEAD = ["网点编号", "片区负责人工号", "从哪天起"]
OFFICE_KINDS = ("people", "agents", "outlets", "assignments")
GOOD = {
    "people": [PEOPLE_HEAD, ["rep7", "何小满", "片区负责人", "城东区域", "2026-01-05", ""]],
    "agents": [AGENTS_HEAD, ["天府商贸", "02800001111"]],
    "outlets": [OUTLETS_HEAD, ["CD-70", "新街口便利店", "城东区域", ""]],
    "assignments": [ASSIGNMENTS_HEAD, ["CX-1", "farrep", "2026-01-01"]],
}
RESIDENT_ID = "11010519491231002X"
FULL_HEAD = [
    *[
        "网点编号",
        "门店名称",
        "区域",
        "代理商",
        "负责人",
        "身份证号码",
        "电话",
        "备用联系方式",
        "地址",
        "所处方位",
        "纬度",
        "经度",
        "周围居民户数",
        "营业面积",
    ],
    *["连锁网点数量", "加盟/自建营业厅", "月收费额(元)", "月缴费笔数", "收费人", "物料是否齐备", "物料摆放合规否", "店面是否整洁"],
    *["工号", "开户日期", "批准日期"],
]
FULL_ROW = [
    *[
        "CD-71",
        "望江烟酒",
        "城东区域",
        "天府商贸",
        "王秀兰",
        RESIDENT_ID,
        "13800001111",
        "王姐 13800002222",
        "望江路 3 号",
        "菜市场东门",
        "30.7001",
        "104.2001",
        "800",
        "120.5",
    ],
    *["1", "否", "12000.00", "310", "李梅（有证）、王强（无证）、赵丽", "是", "否", "", "00900071", "2026-02-03", "2026-02-10"],
]


def outlet_of(code: str) -> Outlet:
    return db.session.scalars(select(Outlet).where(Outlet.code == code)).one()


def faults(app, kind: str, *rows: list[Any]) -> list[tuple[int, str, str, str]]:
    return faults_of(app, check(console(app, "root"), workbook(list(rows)), kind))


def undo(client, place: str) -> Any:
    return client.post(f"{place}/undo")
