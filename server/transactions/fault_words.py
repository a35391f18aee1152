"""What is wrong with a table or a row, and how to put it right, in words."""

from flask_babel import lazy_gettext

from server.transactions.faults import RowFault, TableFault
from server.transactions.words import column_words

TABLE_FAULTS = {
    "required": lazy_gettext("还没有选文件。"),
    "empty": lazy_gettext("这个文件是空的。"),
    "no_rows": lazy_gettext("只有表头，下面没有数据。"),
    "too_large": lazy_gettext("文件超过 20 MB。按月份或区域分成几个文件再传。"),
    "too_large_inside": lazy_gettext("文件解开后太大，没有读完。把数据复制到一个新的工作簿再传。"),
    "too_many_rows": lazy_gettext("超过 200,000 行。按月份或区域分成几个文件再传。"),
    "too_many_columns": lazy_gettext("有 %(note)s 列，最多 100 列。只留需要的列再传。"),
    "too_many_sheets": lazy_gettext("工作表太多。只留有数据的那一张再传。"),
    "several_sheets": lazy_gettext("有几张工作表都像要导入的数据：%(note)s。只留一张再传。"),
    "not_a_table": lazy_gettext("这不是 Excel 工作簿，也不是 CSV 文字文件。"),
    "not_a_workbook": lazy_gettext("文件名以 %(note)s 结尾，里面却不是 Excel 工作簿。在 Excel 里打开它，另存为 .xlsx 再传；打不开就重新导出。"),
    "damaged": lazy_gettext("文件不完整或坏了。在 Excel 里重新另存一次再传。"),
    "macros": lazy_gettext("这是带宏的工作簿，不收。另存为普通的 .xlsx 再传。"),
    "password": lazy_gettext("这个工作簿有密码。去掉密码再传。"),
    "encoding": lazy_gettext("文字的编码认不出来。在 Excel 里另存为“CSV UTF-8”或 .xlsx 再传。"),
    "bad_quotes": lazy_gettext("第 %(note)s 行的引号不成对。改好引号，或另存为 .xlsx 再传。"),
    "no_head": lazy_gettext("没有找到表头，缺少的列：%(note)s。可以下载模板对照。"),
    "column_twice": lazy_gettext("有两列都叫“%(note)s”。删掉或改名一列再传。"),
}
ROW_FAULTS = {
    "required": (lazy_gettext("没有填"), lazy_gettext("补上再传。")),
    "not_a_number": (lazy_gettext("这不是编号"), lazy_gettext("把这一列设成文字，写完整的编号。")),
    "rounded_number": (lazy_gettext("编号被 Excel 改动过"), lazy_gettext("超过 15 位的编号要按文字保存，从原来的系统重新导出。")),
    "scientific_number": (lazy_gettext("编号成了科学记数法，后几位丢了"), lazy_gettext("把这一列设成文字，从原来的系统重新导出。")),
    "unknown_outlet": (lazy_gettext("没有这个网点"), lazy_gettext("核对编号；新网点先建资料，或先导入它的工号。")),
    "removed_outlet": (lazy_gettext("这个网点已经移除"), lazy_gettext("核对编号，或删掉这一行。")),
    "merged_outlet": (lazy_gettext("这个网点已并入 %(note)s"), lazy_gettext("改成 %(note)s，同一天的要合成一行。")),
    "ambiguous_outlet": (lazy_gettext("有几个网点都是这个编号：%(note)s"), lazy_gettext("改用网点编号。")),
    "outlets_differ": (lazy_gettext("工号和网点编号不是同一个网点"), lazy_gettext("这个工号属于 %(note)s，改对其中一个。")),
    "not_an_account": (lazy_gettext("不像工号"), lazy_gettext("工号只含字母、数字、汉字和 . _ / -，最多 40 个字。")),
    "account_taken": (lazy_gettext("这个工号已经属于 %(note)s"), lazy_gettext("核对工号；真要换网点，先给 %(note)s 换工号。")),
    "not_a_date": (lazy_gettext("这不是日期"), lazy_gettext("写成 2026-11-05。")),
    "no_such_day": (lazy_gettext("没有这一天"), lazy_gettext("这个月只有 %(note)s 天。")),
    "date_is_number": (lazy_gettext("日期成了一个数"), lazy_gettext("在 Excel 里把这一列设成“日期”。")),
    "future_day": (lazy_gettext("这一天还没有到"), lazy_gettext("核对日期，最晚是今天。")),
    "early_day": (lazy_gettext("早于 2015 年"), lazy_gettext("核对年份。")),
    "not_a_month": (lazy_gettext("这不是月份"), lazy_gettext("写成 2026-10；按天的数据请选“每日交易”。")),
    "month_not_over": (lazy_gettext("这个月还没有过完"), lazy_gettext("过完再导入，或按天导入。")),
    "not_an_amount": (lazy_gettext("这不是金额"), lazy_gettext("写成 1234.50，不带别的字。")),
    "too_many_decimals": (lazy_gettext("小数多于两位"), lazy_gettext("四舍五入到两位小数。")),
    "negative_amount": (lazy_gettext("金额是负数"), lazy_gettext("退款另起一行，在“交易类型”列写“退款”。")),
    "negative_month": (lazy_gettext("金额是负数"), lazy_gettext("月份的合计要减去退款后填，不能小于 0；否则请按天导入。")),
    "absurd_amount": (lazy_gettext("金额大得不像真的"), lazy_gettext("一行最多 %(note)s 元，核对小数点和列。")),
    "merged_value": (lazy_gettext("一个合并单元格盖住了几行"), lazy_gettext("取消合并，每一行填自己的数。")),
    "not_a_count": (lazy_gettext("这不是笔数"), lazy_gettext("写成 0 以上的整数，或者空着。")),
    "unknown_type": (lazy_gettext("不认识这个交易类型"), lazy_gettext("写“交易”或“退款”，或者空着。")),
    "refund_alone": (lazy_gettext("当天只有退款，没有交易"), lazy_gettext("把同一天的交易行一起传；当天没有交易就加一行 0。")),
    "duplicate_row": (lazy_gettext("和第 %(note)s 行重复"), lazy_gettext("留一行，或把它们合成一行。")),
    "other_line_refused": (lazy_gettext("同一天的第 %(note)s 行有错"), lazy_gettext("同一个网点同一天的行要一起导入，先改那一行。")),
    "month_stands": (lazy_gettext("这个网点 %(note)s 已有整月的合计"), lazy_gettext("要改成按天，先撤销那次整月的导入。")),
    "too_long": (lazy_gettext("太长了"), lazy_gettext("最多 %(note)s 个字。")),
    "not_yes_no": (lazy_gettext("看不出是还是否"), lazy_gettext("写“是”或“否”，或者空着。")),
    "not_a_cashier": (lazy_gettext("看不懂 %(note)s"), lazy_gettext("写成 李梅（有证）、王强（无证）。")),
    "not_degrees": (lazy_gettext("这不是经纬度"), lazy_gettext("写成 30.66123 这样的度数。")),
    "not_an_area": (lazy_gettext("这不是面积"), lazy_gettext("写成 80 或 80.5，单位是平方米，最多两位小数。")),
    "both_degrees": (lazy_gettext("经度和纬度只填了一个"), lazy_gettext("两个都填，或者都空着。")),
    "out_of_range": (lazy_gettext("这个值不能用"), lazy_gettext("核对大小和长短，看模板里的填写说明。")),
    "not_a_login": (lazy_gettext("不像人员的工号"), lazy_gettext("只含字母、数字、汉字和 . _ -，最多 40 个字。")),
    "unknown_role": (lazy_gettext("没有“%(note)s”这个角色"), lazy_gettext("写片区负责人、市场主管、部门经理、运维部、客服部、薪酬或管理员。")),
    "unknown_language": (lazy_gettext("没有这种语言"), lazy_gettext("写中文或英文，或者空着。")),
    "unknown_region": (lazy_gettext("没有“%(note)s”这个区域"), lazy_gettext("核对名称，或先加上这个区域。")),
    "unknown_agent": (lazy_gettext("没有“%(note)s”这个代理商"), lazy_gettext("核对名称，或先导入代理商。")),
    "retired_agent": (lazy_gettext("“%(note)s”这个代理商已停用"), lazy_gettext("换一个代理商，或先在代理商页重新启用它。")),
    "region_needed": (lazy_gettext("没有填区域"), lazy_gettext("片区负责人和市场主管要有区域。")),
    "choose": (lazy_gettext("没有填"), lazy_gettext("补上再传。")),
    "differs": (
        lazy_gettext("已经有 %(note)s，内容不一样"),
        lazy_gettext("导入只加新的，这一行没有写入。人员、代理商和网点可以在它们自己的页上改。"),
    ),
    "not_a_code": (lazy_gettext("不像网点编号"), lazy_gettext("只含字母、数字、汉字和 . _ / -，最多 20 个字。")),
    "goes_with_account": (lazy_gettext("工号和开户日期只填了一个"), lazy_gettext("两个都填，或者都空着。")),
    "unknown_document": (lazy_gettext("没有这种证件"), lazy_gettext("看模板里的填写说明，身份证可以空着。")),
    "id_length": (lazy_gettext("身份证号码不是 18 位"), lazy_gettext("核对号码，这一列要按文字保存。")),
    "id_characters": (lazy_gettext("身份证号码里有不该有的字"), lazy_gettext("前 17 位是数字，最后一位是数字或 X。")),
    "id_birth_date": (lazy_gettext("第 7 到 14 位不是真实的出生日期"), lazy_gettext("核对号码。")),
    "id_check_character": (lazy_gettext("身份证号码的校验位不对"), lazy_gettext("核对每一位。")),
    "document_number": (lazy_gettext("不像证件号码"), lazy_gettext("5 到 30 位的字母和数字。")),
    "unknown_person": (lazy_gettext("没有这个工号的人"), lazy_gettext("核对工号，或先导入人员。")),
    "not_a_rep": (lazy_gettext("这个人不是在岗的片区负责人"), lazy_gettext("核对工号，或在人员页给他这个角色。")),
    "rep_of_other_region": (lazy_gettext("这个人不在网点的区域"), lazy_gettext("换成这个区域的片区负责人，或在人员页给他这个区域。")),
    "before_current": (lazy_gettext("早于 %(note)s，那时已经归别人"), lazy_gettext("填那以后的日期。")),
    "days_stand": (lazy_gettext("这个网点 %(note)s 已有按天的数"), lazy_gettext("要改成整月，先撤销那些按天的导入。")),
}


def table_fault_words(fault: TableFault) -> str:
    """What is wrong with the whole file, and what to do."""
    note = fault.note
    if fault.code in ("no_head", "column_twice"):
        note = " ".join(column_words(name) for name in note.split())
    return str(TABLE_FAULTS[fault.code]) % {"note": note}


def row_fault_words(fault: RowFault) -> tuple[str, str]:
    """What is wrong, and how to put it right."""
    what, remedy = ROW_FAULTS[fault.code]
    return str(what) % {"note": fault.note}, str(remedy) % {"note": fault.note}
