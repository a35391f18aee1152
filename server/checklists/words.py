"""The words of checklists."""

from flask_babel import lazy_gettext

KINDS = {
    "yes_no": lazy_gettext("是 / 否 / 不适用"),
    "choice": lazy_gettext("选一项"),
    "number": lazy_gettext("数字"),
    "text": lazy_gettext("文字"),
    "photo": lazy_gettext("照片"),
    "date": lazy_gettext("日期"),
}
