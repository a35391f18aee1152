"""What is wrong with a field of a form, in words."""

from flask_babel import lazy_gettext

FAULT_WORDS = {
    "required": lazy_gettext("这里要填。"),
    "choose": lazy_gettext("要选一个。"),
    "not_a_date": lazy_gettext("写成 2026-11-24 这样的日期。"),
    "too_late_a_day": lazy_gettext("这一天太晚了，最晚填今天。"),
    "too_early_a_day": lazy_gettext("这一天太早了，不能早于这件事开始的那天。"),
    "not_a_count": lazy_gettext("写成 0 以上的整数。"),
    "no_file": lazy_gettext("要选一张图片。"),
    "not_a_picture": lazy_gettext("这不是完整的图片，要 JPEG、PNG 或 WebP。"),
    "too_large": lazy_gettext("图片超过 20 MB。"),
    "not_a_person": lazy_gettext("要选名单里的人。"),
    "not_in_the_month": lazy_gettext("要在这个月里。"),
    "not_a_month": lazy_gettext("要选一个月份。"),
    "not_begun": lazy_gettext("这个月还没有开始。"),
    "too_late_to_count": lazy_gettext("市场的期限已过，这时的说法不再计入。"),
    "over": lazy_gettext("这个月已经过完，计划不再改。"),
}


def fault_words(code: str) -> str:
    return str(FAULT_WORDS.get(code, FAULT_WORDS["choose"]))
