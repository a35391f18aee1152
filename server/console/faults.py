"""What is wrong with a field of a form, in words."""

from flask_babel import lazy_gettext

FAULT_WORDS = {
    "required": lazy_gettext("这里要填。"),
    "choose": lazy_gettext("要选一个。"),
    "not_a_date": lazy_gettext("写成 2026-11-24 这样的日期。"),
    "too_late_a_day": lazy_gettext("这一天太晚了，最晚填今天。"),
    "too_early_a_day": lazy_gettext("这一天太早了，不能早于这件事开始的那天。"),
    "not_a_count": lazy_gettext("写成 0 以上的整数。"),
    "not_days": lazy_gettext("写 1 到 60 的整数。"),
    "no_file": lazy_gettext("要选一张图片。"),
    "too_many_pictures": lazy_gettext("最多三张。"),
    "not_a_picture": lazy_gettext("这不是完整的图片，要 JPEG、PNG 或 WebP。"),
    "too_large": lazy_gettext("图片超过 20 MB。"),
    "not_a_person": lazy_gettext("要选名单里的人。"),
    "not_in_the_month": lazy_gettext("要在这个月里。"),
    "no_outlet": lazy_gettext("没有这个编号的网点，或者不归你管。"),
    "not_a_month": lazy_gettext("要选一个月份。"),
    "not_begun": lazy_gettext("这个月还没有开始。"),
    "not_a_code": lazy_gettext("用小写英文字母开头，只含小写字母、数字和下划线，最多 24 个字。"),
    "not_an_amount": lazy_gettext("写成 30 或 30.50 这样的金额，大于 0，不超过 99999.99。"),
    "taken": lazy_gettext("已经有了，换一个。"),
    "closed": lazy_gettext("这个月已经关账，只能从还没关账的月份起。"),
    "no_year": lazy_gettext("还没有这一年的日历，先导入。"),
    "not_a_year": lazy_gettext("写成 2024 到 2100 之间的年份。"),
    "no_table": lazy_gettext("要选一个文件。"),
    "no_days": lazy_gettext("文件里没有日期。"),
    "too_many_days": lazy_gettext("行太多，一年最多 400 行。"),
    "bad_rows": lazy_gettext("有几行不对，什么都没有改。"),
    "not_text": lazy_gettext("不是文本文件，存成 CSV 再试。"),
    "other_year": lazy_gettext("不是这一年的日期。"),
    "not_on_or_off": lazy_gettext("第二列要写 班 或 休。"),
    "twice": lazy_gettext("同一天写了两次。"),
    "flag": lazy_gettext("要选一个。"),
    "choice": lazy_gettext("要选一个。"),
    "text": lazy_gettext("这里要填。"),
    "integer": lazy_gettext("写成整数，要在允许的范围里。"),
    "decimal": lazy_gettext("写成 0.003 或 1200 这样的数，要在允许的范围里。"),
    "too_late_to_count": lazy_gettext("市场的期限已过，这时的说法不再计入。"),
    "id_length": lazy_gettext("身份证号码要 18 位。"),
    "id_characters": lazy_gettext("前 17 位是数字，最后一位是数字或 X。"),
    "id_birth_date": lazy_gettext("第 7 到 14 位不是真实的出生日期。"),
    "id_check_character": lazy_gettext("校验位不对，请核对每一位。"),
    "document_number": lazy_gettext("证件号码是 5 到 30 位的字母和数字。"),
    "over": lazy_gettext("这个月已经过完，计划不再改。"),
    "day_over": lazy_gettext("这一天已经过去，计划不再改。"),
    "not_a_customer": lazy_gettext("只给审核通过、有工号的网点排巡检。"),
}


def fault_words(code: str) -> str:
    return str(FAULT_WORDS.get(code, FAULT_WORDS["choose"]))
