"""Waiting changes and records in words: reasons, results."""

import json
from typing import Any

from flask_babel import lazy_gettext

from server.console.formats import NOTHING
from server.language import chosen_language
from server.outlets.field_words import field_words as field_words  # the templates of waiting changes read it here
from server.outlets.field_words import value_words
from sync.problems import REFUSALS
from sync.schemas import readable

QUEUE_WORDS = {
    "changes": lazy_gettext("等决定的改动"),
    "values": lazy_gettext("被替换的值"),
    "records": lazy_gettext("没收进的记录"),
}
RESULT_WORDS = {
    "applied": lazy_gettext("照送来的写进去了"),
    "edited": lazy_gettext("改过后写进去了"),
    "rejected": lazy_gettext("没有采用"),
    "merged": lazy_gettext("收进来了，一部分早已一样"),
    "noop": lazy_gettext("收进来了，内容早已一样"),
    "conflict_recorded": lazy_gettext("收进来了，替换掉的值留着"),
    "out_of_scope_accepted": lazy_gettext("收进来了，网点已归别人"),
    "parked": lazy_gettext("收进来了，等决定"),
    "quarantined": lazy_gettext("没有收进来，原样留着"),
}
NEXT_STEPS = {
    "unknown_form": lazy_gettext("服务器升级后会自动再收一次。"),
    "handler_failed": lazy_gettext("服务器修好后再试一次。"),
    "unknown_outlet": lazy_gettext("网点建好后再试一次。"),
    "unknown_region": lazy_gettext("把这个区域分给本人，再试一次；分错了的，请他重新记一次，再把这条关闭。"),
    "unknown_visit": lazy_gettext("先收到要更正的那次巡检，再试一次。"),
    "invalid_record": lazy_gettext("问本人原来想记什么，请他重新记一次，再把这条关闭。"),
    "unknown_finding": lazy_gettext("查一下是不是发错了人，再把这条关闭。"),
    "finding_dismissed": lazy_gettext("已经不予认定，可以关闭。"),
    "objection_known": lazy_gettext("先提的那条有效，请经理看过这条再关闭。"),
    "objection_late": lazy_gettext("请经理看一眼，再把这条关闭。"),
    "unknown_request": lazy_gettext("先收到这份物料需求，再试一次。"),
    "already_delivered": lazy_gettext("和先登记的送达比一比，照片一样就可以关闭。"),
    "unknown_complaint": lazy_gettext("先收到这件投诉，再试一次。"),
    "complaint_closed": lazy_gettext("和先登记的处理结果比一比，再把这条关闭。"),
    "complaint_void": lazy_gettext("投诉作废了，看一眼写了什么，再把这条关闭。"),
    "complaint_not_yours": lazy_gettext("请处理这件投诉的人看过这条，再关闭。"),
    "unknown_follow_up": lazy_gettext("先收到这条备案，再试一次。"),
    "unknown_checklist": lazy_gettext("把那一版检查清单找回来（比如恢复备份），再试一次。"),
    "unknown_case": lazy_gettext("查一下离网名单里有没有这一户，再把这条关闭。"),
    "case_decided": lazy_gettext("请经理看过这条，再关闭。"),
    "word_late": lazy_gettext("请主管上门看一眼，再把这条关闭。"),
    "identity_unopened": lazy_gettext("请本人在手机上重新填一次，再把这条关闭；换过密钥的，放回原来的密钥再试一次。"),
    "identity_invalid": lazy_gettext("请本人照着证件重新填一次，再把这条关闭。"),
    "identity_not_yours": lazy_gettext("请现在负责的人核对证件，需要时在网点页登记，再把这条关闭。"),
    "id_taken": lazy_gettext("和占用编号的那条比一比，内容一样就可以关闭。"),
}
FORM_WORDS = {
    "visit": lazy_gettext("巡检"),
    "outlet_edit": lazy_gettext("改网点资料"),
    "new_outlet": lazy_gettext("新网点"),
    "outlet_submit": lazy_gettext("提交资料"),
    "identity": lazy_gettext("证件号码"),
    "finding_objection": lazy_gettext("异议"),
    "payslip_step": lazy_gettext("工资条"),
    "complaint": lazy_gettext("投诉单"),
    "complaint_result": lazy_gettext("投诉处理"),
    "training": lazy_gettext("培训"),
    "material_request": lazy_gettext("物料需求"),
    "delivery": lazy_gettext("物料送达"),
    "churn_word": lazy_gettext("离网说法"),
    "follow_up": lazy_gettext("登记备案"),
    "follow_up_look": lazy_gettext("备案复查"),
    "unread": lazy_gettext("读不懂的记录"),
}
FAULT_WORDS = {
    "choice": lazy_gettext("这一项还没有选。"),
    "text": lazy_gettext("文字太长，或不能为空。"),
    "count": lazy_gettext("要填不小于 0 的整数。"),
    "decimal": lazy_gettext("要填数字，最多两位小数。"),
    "yes_no": lazy_gettext("要选是或否。"),
    "position": lazy_gettext("写成 30.66000, 104.07000 这样的纬度和经度。"),
}


def form_words(form: str) -> str:
    """What kind of record a form holds, such as `visit.v2`."""
    return str(FORM_WORDS.get(form.partition(".")[0], form))


def result_words(code: str | None) -> str:
    return str(RESULT_WORDS.get(code or "", code))


def fault_words(fault: str) -> str:
    return str(FAULT_WORDS.get(fault, FAULT_WORDS["text"]))


def problem_words(problem: dict[str, Any] | None) -> str:
    """Why an operation was not simply applied."""
    refusal = REFUSALS.get((problem or {}).get("code", ""))
    return refusal.title(chosen_language()) if refusal else NOTHING


def next_step_words(problem: dict[str, Any] | None) -> str:
    return str(NEXT_STEPS.get((problem or {}).get("code", ""), ""))


def json_words(name: str, text: str) -> str:
    """A field's value that is kept as JSON text."""
    return value_words(name, json.loads(text))


def readable_body(body: bytes) -> str:
    """The raw bytes of a record: JSON laid out by lines, anything else as it is."""
    try:
        return json.dumps(json.loads(readable(body)), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")
