"""The kinds of table that the office imports, and the names that their columns go by (RULEBOOK §1, §2, §10, form 附表二)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from server.people.models import Role
from server.transactions.cells import Cell, text_of

NOISE = re.compile(r"[\s_\-*:.#]+|\([^)]*\)|\[[^\]]*\]")


@dataclass(frozen=True)
class TableColumn:
    """`names` are what the head of the column may say, without blanks, units in brackets and case."""

    field: str
    names: tuple[str, ...]
    is_needed: bool = True


@dataclass(frozen=True)
class TableKind:
    """Of the columns `one_of` at least one has to be there. `importers` check, import and take back tables of this kind.

    A check of a `is_personal` table, which holds numbers of people's documents, is shown to whoever sent it only (RULEBOOK §2).
    """

    code: str
    columns: tuple[TableColumn, ...]
    importers: tuple[Role, ...]
    one_of: tuple[str, ...] = ()
    is_personal: bool = False

    @property
    def has_months(self) -> bool:
        return self.code == MONTHS


OUTLET = TableColumn(
    "outlet_code", ("网点编号", "网点编码", "网点代码", "网点号", "门店编号", "客户编号", "outletcode", "outletno", "outlet", "code"), is_needed=False
)
ACCOUNT = TableColumn(
    "account_no",
    ("工号", "网点工号", "代理商工号", "收费工号", "账号", "帐号", "网点账号", "accountno", "accountnumber", "account", "accountid"),
    is_needed=False,
)
MADE_ON = TableColumn(
    "made_on",
    ("开户日期", "开户时间", "开通日期", "开通时间", "工号日期", "工号开通日期", "建号日期", "accountmadeon", "madeon", "datemade", "opened"),
)
DAY = TableColumn("day", ("日期", "交易日期", "缴费日期", "收费日期", "记账日期", "date", "day", "transactiondate"))
MONTH = TableColumn("month", ("月份", "月", "年月", "交易月份", "缴费月份", "收费月份", "账期", "month"))
AMOUNT = TableColumn("amount", ("金额", "交易金额", "缴费金额", "收费金额", "交易额", "交易量", "amount", "amountyuan", "yuan", "volume", "total"))
COUNT = TableColumn("count", ("笔数", "交易笔数", "缴费笔数", "收费笔数", "count", "transactions", "payments"), is_needed=False)
TYPE = TableColumn("type", ("类型", "交易类型", "收退", "收支", "type"), is_needed=False)

LOGIN = TableColumn("login", ("工号", "登录名", "人员工号", "员工号", "account", "login", "username", "staffno"))
PERSON_NAME = TableColumn("person_name", ("姓名", "名字", "员工姓名", "name", "personname", "fullname"))
ROLES = TableColumn("roles", ("角色", "岗位", "职务", "roles", "role", "position"))
REGIONS = TableColumn("regions", ("区域", "片区", "所属区域", "负责区域", "regions", "region"), is_needed=False)
STARTS_ON = TableColumn("starts_on", ("上岗日期", "入职日期", "上岗时间", "startson", "hiredate", "firstday", "firstdayofwork"), is_needed=False)
LANGUAGE = TableColumn("language", ("语言", "language"), is_needed=False)
AGENT_NAME = TableColumn("agent_name", ("代理商", "代理商名称", "agent", "agentname"))
AGENT_PHONE = TableColumn("agent_phone", ("电话", "代理商电话", "联系电话", "联系方式", "phone", "agentphone"), is_needed=False)
OUTLET_CODE = TableColumn(OUTLET.field, OUTLET.names)
OUTLET_NAME = TableColumn("outlet_name", ("门店名称", "网点名称", "客户名称", "名称", "name", "outletname"))
REGION = TableColumn("region", ("区域", "片区", "所属区域", "region"))
ID_NUMBER = TableColumn("id_number", ("证件号码", "身份证号码", "身份证号", "身份证", "idnumber"), is_needed=False)
ID_KIND = TableColumn("id_kind", ("证件种类", "证件类型", "idkind", "idtype", "kindofdocument"), is_needed=False)
APPROVED_ON = TableColumn("approved_on", ("批准日期", "审核日期", "建档日期", "approvedon"), is_needed=False)
# what a file says besides, by the column that holds it: as `server.outlets.fields` has them
FILE_COLUMNS = (
    TableColumn("address", ("地址", "门店地址", "网点地址", "address"), is_needed=False),
    TableColumn("position_text", ("所处方位", "方位", "positiontext", "whereabouts"), is_needed=False),
    TableColumn("person_in_charge", ("负责人", "网点负责人", "联系人", "法人", "personincharge", "contact"), is_needed=False),
    TableColumn("phone", ("电话", "联系电话", "联系方式", "手机", "phone"), is_needed=False),
    TableColumn("contact", ("备用联系方式", "备用联系人", "其他联系方式", "secondcontact", "othercontact"), is_needed=False),
    TableColumn("cashiers", ("收费人", "收费员", "cashiers", "cashier"), is_needed=False),
    TableColumn("households_nearby", ("周围居民户数", "居民户数", "周围户数", "householdsnearby"), is_needed=False),
    TableColumn("floor_area_m2", ("营业面积", "面积", "floorarea", "floorspace"), is_needed=False),
    TableColumn("chain_outlets", ("连锁网点数量", "连锁数量", "连锁网点数", "chainoutlets", "outletsinthechain"), is_needed=False),
    TableColumn(
        "is_franchised_or_own_hall", ("加盟/自建营业厅", "加盟自建营业厅", "加盟或自建营业厅", "自建营业厅", "franchisedorownhall"), is_needed=False
    ),
    TableColumn("monthly_fee_yuan", ("月收费额", "月收费", "monthlyfee", "monthlyfees"), is_needed=False),
    TableColumn("monthly_payments", ("月缴费笔数", "月笔数", "monthlypayments", "paymentsamonth"), is_needed=False),
    TableColumn("are_materials_complete", ("物料是否齐备", "物料齐备", "materialscomplete"), is_needed=False),
    TableColumn("are_materials_placed_right", ("物料摆放合规否", "物料摆放合规", "materialsplacedright"), is_needed=False),
    TableColumn("is_tidy", ("店面是否整洁", "店面整洁", "shoptidy"), is_needed=False),
)
LAT = TableColumn("lat", ("纬度", "lat", "latitude"), is_needed=False)
LON = TableColumn("lon", ("经度", "lon", "lng", "longitude"), is_needed=False)
ACCOUNT_MADE_ON = TableColumn(MADE_ON.field, MADE_ON.names, is_needed=False)
FILE_AGENT = TableColumn(AGENT_NAME.field, AGENT_NAME.names, is_needed=False)
REP = TableColumn("rep_login", ("片区负责人工号", "片区负责人", "维系员工号", "维系员", "负责人工号", "repaccount", "replogin", "rep"))
SINCE = TableColumn("since", ("从哪天起", "起始日期", "开始日期", "负责日期", "since", "startson", "from", "fromwhichday"))

ACCOUNTS, DAYS, MONTHS = "accounts", "days", "months"
PEOPLE, AGENTS, OUTLETS, ASSIGNMENTS = "people", "agents", "outlets", "assignments"
NAMED_OUTLET = (OUTLET.field, ACCOUNT.field)
SUPPLIERS, OFFICE = (Role.OPS, Role.ADMIN), (Role.ADMIN,)
OUTLET_FILE = (OUTLET_CODE, OUTLET_NAME, REGION, FILE_AGENT, ID_KIND, ID_NUMBER, *FILE_COLUMNS, LAT, LON, ACCOUNT, ACCOUNT_MADE_ON, APPROVED_ON)
KINDS = {
    kind.code: kind
    for kind in (
        TableKind(DAYS, (OUTLET, ACCOUNT, DAY, AMOUNT, COUNT, TYPE), SUPPLIERS, NAMED_OUTLET),
        TableKind(MONTHS, (OUTLET, ACCOUNT, MONTH, AMOUNT, COUNT), SUPPLIERS, NAMED_OUTLET),
        TableKind(ACCOUNTS, (OUTLET, ACCOUNT, MADE_ON), SUPPLIERS, NAMED_OUTLET),
        TableKind(PEOPLE, (LOGIN, PERSON_NAME, ROLES, REGIONS, STARTS_ON, LANGUAGE), OFFICE),
        TableKind(AGENTS, (AGENT_NAME, AGENT_PHONE), OFFICE),
        TableKind(OUTLETS, OUTLET_FILE, OFFICE, is_personal=True),
        TableKind(ASSIGNMENTS, (OUTLET, ACCOUNT, REP, SINCE), OFFICE, NAMED_OUTLET),
    )
}


@dataclass(frozen=True)
class HeadMatch:
    """What a row says as the head of a table: the place of each field it names, those it lacks, those it names twice."""

    places: dict[str, int]
    lacking: tuple[str, ...]
    twice: tuple[str, ...]

    @property
    def is_head(self) -> bool:
        return not self.lacking


def head_match(cells: Sequence[Cell], kind: TableKind) -> HeadMatch:
    """How well a row serves as the head of a table of this kind."""
    names = [_name(cell) for cell in cells]
    found = {column.field: [place for place, name in enumerate(names) if name in column.names] for column in kind.columns}
    lacking = [column.field for column in kind.columns if column.is_needed and not found[column.field]]
    if kind.one_of and not any(found[field] for field in kind.one_of):
        lacking.insert(0, kind.one_of[-1])
    twice = tuple(field for field, places in found.items() if len(places) > 1)
    return HeadMatch({field: places[0] for field, places in found.items() if places}, tuple(lacking), twice)


def _name(cell: Cell) -> str:
    return NOISE.sub("", unicodedata.normalize("NFKC", text_of(cell))).lower()
