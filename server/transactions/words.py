"""Kinds and columns of imported tables, and why an import stays, in words."""

from flask_babel import lazy_gettext

from server.people.models import Person
from server.transactions.kinds import ACCOUNTS, AGENTS, ASSIGNMENTS, DAYS, KINDS, MONTHS, OUTLETS, PEOPLE

KIND_WORDS = {
    DAYS: lazy_gettext("每日交易"),
    MONTHS: lazy_gettext("每月交易"),
    ACCOUNTS: lazy_gettext("网点工号"),
    PEOPLE: lazy_gettext("人员"),
    AGENTS: lazy_gettext("代理商"),
    OUTLETS: lazy_gettext("网点资料"),
    ASSIGNMENTS: lazy_gettext("网点归属"),
}
KIND_HINTS = {
    DAYS: lazy_gettext("一行是一个网点一天的合计：工号或网点编号、日期、金额，可以有笔数；退款另起一行，交易类型写“退款”。"),
    MONTHS: lazy_gettext("一行是一个网点一个月的合计：工号或网点编号、月份、金额，可以有笔数。只收已经过完的月份。"),
    ACCOUNTS: lazy_gettext("一行是一个网点：网点编号、工号、开户日期。新增客户按开户日期算在哪个月。"),
    PEOPLE: lazy_gettext("一行是一个新人：工号、姓名、角色、区域。导入后给他设密码的链接，或绑定手机。已有的人在人员页改。"),
    AGENTS: lazy_gettext("一行是一个代理商：名称、电话。网点资料里写到的代理商要先在这里。"),
    OUTLETS: lazy_gettext("一行是一个已经在做的网点，导入就是批准过的资料。区域和代理商要先有；没有的栏可以不要。已有的网点，在网点页点“改资料”。"),
    ASSIGNMENTS: lazy_gettext("一行是一个网点归谁：网点编号或工号、片区负责人工号、从哪天起。手机下次同步就会看到。"),
}
WRITTEN_WORDS = {
    PEOPLE: lazy_gettext("已写入。下一步：在人员页给他们设密码的链接，或绑定手机。"),
    AGENTS: lazy_gettext("已写入。网点资料里可以写这些代理商了。"),
    OUTLETS: lazy_gettext("已写入，是批准过的资料。下一步：导入或分派网点归谁。"),
    ASSIGNMENTS: lazy_gettext("已写入。手机下次同步就会看到，该巡几次在下一次夜间核对时更新。"),
}
COLUMN_WORDS = {
    "outlet_code": lazy_gettext("网点编号"),
    "account_no": lazy_gettext("工号"),
    "made_on": lazy_gettext("开户日期"),
    "day": lazy_gettext("日期"),
    "month": lazy_gettext("月份"),
    "amount": lazy_gettext("金额"),
    "count": lazy_gettext("笔数"),
    "type": lazy_gettext("交易类型"),
    "login": lazy_gettext("工号"),
    "person_name": lazy_gettext("姓名"),
    "roles": lazy_gettext("角色"),
    "regions": lazy_gettext("区域"),
    "starts_on": lazy_gettext("入职日期"),
    "language": lazy_gettext("语言"),
    "agent_name": lazy_gettext("代理商"),
    "agent_phone": lazy_gettext("电话"),
    "outlet_name": lazy_gettext("网点名称"),
    "region": lazy_gettext("区域"),
    "id_kind": lazy_gettext("证件种类"),
    "id_number": lazy_gettext("证件号码"),
    "address": lazy_gettext("地址"),
    "position_text": lazy_gettext("所处方位"),
    "person_in_charge": lazy_gettext("负责人"),
    "phone": lazy_gettext("电话"),
    "contact": lazy_gettext("备用联系方式"),
    "cashiers": lazy_gettext("收费人"),
    "households_nearby": lazy_gettext("周围居民户数"),
    "floor_area_m2": lazy_gettext("营业面积"),
    "chain_outlets": lazy_gettext("连锁网点数量"),
    "is_franchised_or_own_hall": lazy_gettext("加盟或自建营业厅"),
    "monthly_fee_yuan": lazy_gettext("月收费额"),
    "monthly_payments": lazy_gettext("月缴费笔数"),
    "are_materials_complete": lazy_gettext("物料齐备"),
    "are_materials_placed_right": lazy_gettext("物料摆放合规"),
    "is_tidy": lazy_gettext("店面整洁"),
    "lat": lazy_gettext("纬度"),
    "lon": lazy_gettext("经度"),
    "approved_on": lazy_gettext("批准日期"),
    "rep_login": lazy_gettext("片区负责人工号"),
    "since": lazy_gettext("从哪天起"),
}
COLUMN_HINTS = {
    "outlet_code": lazy_gettext("网点在巡店里的编号。工号和网点编号填一个就行，都填就要是同一个网点。"),
    "account_no": lazy_gettext("网点的工号，按文字填，前面的 0 不要丢。"),
    "made_on": lazy_gettext("工号开通的日期，例如 2026-11-05。"),
    "day": lazy_gettext("例如 2026-11-05、2026/11/5 或 2026年11月5日。不能晚于今天。"),
    "month": lazy_gettext("例如 2026-10 或 2026年10月。还没过完的月份请按天导入。"),
    "amount": lazy_gettext("单位元，最多两位小数，例如 1234.50。"),
    "count": lazy_gettext("交易多少笔，可以不填。"),
    "type": lazy_gettext("空着或写“交易”是收款；写“退款”会从当天的金额里减去，当天要另有一行交易。"),
}
YES_OR_NO = lazy_gettext("写“是”或“否”，不知道就空着。")
COUNTED = lazy_gettext("0 以上的整数，不知道就空着。")
COLUMN_HINTS |= {
    "login": lazy_gettext("登录用的工号：字母、数字、汉字和 . _ -，最多 40 个字。导入后不能改。"),
    "person_name": lazy_gettext("最多 60 个字。"),
    "roles": lazy_gettext("片区负责人、市场主管、部门经理、运维部、客服部、薪酬、管理员；有几个就用“、”隔开。"),
    "regions": lazy_gettext("区域的名称，要先在“人员”的“区域”里加上；有几个就用“、”隔开。片区负责人和市场主管一定要填。"),
    "starts_on": lazy_gettext("第一天上班的日期，例如 2026-11-05。不知道就空着。"),
    "language": lazy_gettext("中文或英文，空着是中文。"),
    "agent_name": lazy_gettext("代理商的名称，要和“代理商”那张表里的一样。"),
    "agent_phone": lazy_gettext("最多 40 个字，可以空着。"),
    "outlet_name": lazy_gettext("店面上的名称，最多 120 个字。"),
    "region": lazy_gettext("区域的名称，要先在“人员”的“区域”里加上。"),
    "id_kind": lazy_gettext("空着是身份证；否则写：港澳居民来往内地通行证、台湾居民来往大陆通行证、外国人永久居留身份证、护照、其他证件。"),
    "id_number": lazy_gettext("负责人的证件号码，按文字填。导入后加密保存，只显示首尾。"),
    "address": lazy_gettext("最多 200 个字。"),
    "position_text": lazy_gettext("例如“菜市场东门旁”，最多 200 个字。"),
    "person_in_charge": lazy_gettext("最多 60 个字。"),
    "phone": lazy_gettext("最多 40 个字。"),
    "contact": lazy_gettext("例如“王姐 13800002222”，最多 120 个字。"),
    "cashiers": lazy_gettext("收费人的姓名，用“、”隔开；知道有没有证就写在后面：李梅（有证）、王强（无证）。"),
    "households_nearby": COUNTED,
    "chain_outlets": COUNTED,
    "monthly_payments": COUNTED,
    "floor_area_m2": lazy_gettext("平方米，最多两位小数。网点类型按它、连锁数量、营业厅和月收费额算。"),
    "monthly_fee_yuan": lazy_gettext("元，最多两位小数。"),
    "is_franchised_or_own_hall": YES_OR_NO,
    "are_materials_complete": YES_OR_NO,
    "are_materials_placed_right": YES_OR_NO,
    "is_tidy": YES_OR_NO,
    "lat": lazy_gettext("WGS-84，例如 30.66123，和经度一起填。"),
    "lon": lazy_gettext("WGS-84，例如 104.07123，和纬度一起填。"),
    "approved_on": lazy_gettext("原来批准的日期，从它的下一个整月起要巡检；空着就是导入这天。"),
    "rep_login": lazy_gettext("人员页上的工号，要是这个网点所在区域的片区负责人。"),
    "since": lazy_gettext("例如 2026-11-05，不能晚于今天，也不能早于现在这一任的第一天。"),
}
OWN_HINTS = {
    (AGENTS, "agent_name"): lazy_gettext("最多 120 个字，不能和已有的重复。"),
    (OUTLETS, "outlet_code"): lazy_gettext("网点在巡店里的编号，最多 20 个字，不能和已有的重复。"),
    (OUTLETS, "account_no"): lazy_gettext("网点的收费工号，按文字填；有工号就要填开户日期。"),
}
UNDO_OBSTACLES = {
    "undone": lazy_gettext("已经撤销过了。"),
    "closed": lazy_gettext("不能撤销：用到它的月份后来已经关账。要更正，就导入一份改好的表，差额会成为补记。"),
    "touched": lazy_gettext("不能撤销：它写入的内容后来被改过，或者已经有别的记录依据它。先撤销后来的导入。"),
}
ACCEPT_FAULTS = {
    "required": lazy_gettext("有行没通过检查。要么改好再传，要么勾选后只导入无错的行。"),
    "nothing": lazy_gettext("没有一行可以导入。"),
}


def kind_words(kind: str) -> str:
    return str(KIND_WORDS[kind])


def column_words(name: str) -> str:
    return str(COLUMN_WORDS[name])


def column_hint(kind: str, name: str) -> str:
    """How to fill the column in a table of this kind."""
    return str(OWN_HINTS.get((kind, name)) or COLUMN_HINTS[name])


def kinds_of(reader: Person) -> dict[str, str]:
    """The kinds of table that the reader may import, in words."""
    return {code: str(words) for code, words in KIND_WORDS.items() if reader.holds(*KINDS[code].importers)}


def written_words(kind: str) -> str:
    """What happens now that a table of this kind is in."""
    return str(WRITTEN_WORDS.get(kind, lazy_gettext("已写入。工资试算和各种名单在下一次夜间核对时更新。")))
