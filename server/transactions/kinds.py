"""The three kinds of table that ops imports, and the names that their columns go by (RULEBOOK §10, form 附表二 工号)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

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
    """An outlet is named by its code, its account number, or both: one of the two columns has to be there."""

    code: str
    columns: tuple[TableColumn, ...]

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

ACCOUNTS, DAYS, MONTHS = "accounts", "days", "months"
KINDS = {
    kind.code: kind
    for kind in (
        TableKind(ACCOUNTS, (OUTLET, ACCOUNT, MADE_ON)),
        TableKind(DAYS, (OUTLET, ACCOUNT, DAY, AMOUNT, COUNT, TYPE)),
        TableKind(MONTHS, (OUTLET, ACCOUNT, MONTH, AMOUNT, COUNT)),
    )
}
ONE_OF = (OUTLET.field, ACCOUNT.field)


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
    if not any(found[field] for field in ONE_OF):
        lacking.insert(0, ACCOUNT.field)
    twice = tuple(field for field, places in found.items() if len(places) > 1)
    return HeadMatch({field: places[0] for field, places in found.items() if places}, tuple(lacking), twice)


def _name(cell: Cell) -> str:
    return NOISE.sub("", unicodedata.normalize("NFKC", text_of(cell))).lower()
