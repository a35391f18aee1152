"""Imports of rescue files in words: what is wrong with a file, what became of its operations."""

from flask_babel import lazy_gettext

from server.intake.waiting_words import form_words, problem_words

FILE_FAULTS = {
    "required": lazy_gettext("还没有选文件。"),
    "empty": lazy_gettext("这个文件是空的，请重新导出或重新拷贝。"),
    "too_large": lazy_gettext("文件超过 %(size)s MB。请照下面说的，在服务器上用命令导入。"),
    "not_a_rescue_file": lazy_gettext("这不是手机导出的救援文件。什么也没有导入。"),
    "newer_rescue_file": lazy_gettext("这份救援文件是更新的应用导出的，先升级服务器。什么也没有导入。"),
    "damaged": lazy_gettext("文件不完整或坏了，请重新导出或重新拷贝。什么也没有导入。"),
    "unknown_person": lazy_gettext("这里没有文件里的这个人，它可能来自另一台服务器。什么也没有导入。"),
}
RESULT_WORDS = {
    "applied": lazy_gettext("新收进"),
    "merged": lazy_gettext("新收进，一部分早已一样"),
    "noop": lazy_gettext("新收进，内容早已一样"),
    "conflict_recorded": lazy_gettext("新收进，替换掉的值留着"),
    "out_of_scope_accepted": lazy_gettext("新收进，网点已归别人"),
    "parked": lazy_gettext("等主管决定"),
}
# Kinds of unfinished forms (pwa/forms/unfinished.js) that are called otherwise than the records they become.
FORMS_OF_DRAFTS = {"correction": "visit", "churn": "churn_word", "objection": "finding_objection", "payslip": "payslip_step"}
REFUSED_FILE_WORDS = {
    "unnamed": lazy_gettext("没有记录提到它"),
    "damaged": lazy_gettext("内容坏了"),
    "too_large": lazy_gettext("超过 20 MB"),
}


def fault_words(code: str, most_megabytes: int) -> str:
    return str(FILE_FAULTS[code]) % {"size": most_megabytes}


def result_words(code: str) -> str:
    """What became of an operation; a code that later versions add is shown as it is."""
    return str(RESULT_WORDS.get(code, code))


def refusal_words(problem_code: str) -> str:
    """Why an operation was kept aside."""
    return problem_words({"code": problem_code})


def draft_words(kind: str) -> str:
    """What kind of form is unfinished."""
    return form_words(FORMS_OF_DRAFTS.get(kind, kind))


def refused_file_words(code: str) -> str:
    return str(REFUSED_FILE_WORDS.get(code, code))
