"""Verdicts, states, reasons and answers of visits, in words; every reason has its innocent reading (DESIGN §5)."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, lazy_gettext

from server.checklists.queries import questions_by_key
from server.console.formats import metres
from server.language import chosen_language
from sync.checklist import Question, is_bad

STATE_WORDS = {
    "done": lazy_gettext("达标"),
    "due": lazy_gettext("应巡"),
    "overdue": lazy_gettext("漏巡"),
    "waiting": lazy_gettext("待审核"),
    "none": lazy_gettext("本月不欠"),
}
PLANNED_WORDS = lazy_gettext("已排计划")
STATE_ORDER = ("overdue", "waiting", "due", "done", "none")
VERDICT_WORDS = {
    "done": lazy_gettext("计入"),
    "waiting": lazy_gettext("待审核"),
    "pending": lazy_gettext("照片在传"),
    "no": lazy_gettext("不计入"),
}
SLOT_WORDS = {"storefront": lazy_gettext("门头"), "counter": lazy_gettext("柜台"), "other": lazy_gettext("其他")}
# of records of before one knows only that it was a file
SOURCE_WORDS = {
    "camera": lazy_gettext("相机拍摄"),
    "system": lazy_gettext("系统相机拍的"),
    "gallery": lazy_gettext("从相册选的"),
    "file": lazy_gettext("从文件选的"),
}
SIGNER_WORDS = {"owner": lazy_gettext("负责人"), "cashier": lazy_gettext("收费人"), "other": lazy_gettext("其他人")}
DECISION_WORDS = {"accepted": lazy_gettext("接受"), "rejected": lazy_gettext("不接受")}
PRESENCE_WORDS = {
    "moved": lazy_gettext("网点搬了"),
    "inaccurate": lazy_gettext("定位不准"),
    "elsewhere": lazy_gettext("在别处见面"),
    "no_position": lazy_gettext("收不到定位"),
    "other": lazy_gettext("其他原因"),
}
REASON_WORDS = {
    "rejected": lazy_gettext("主管不接受"),
    "checklist_incomplete": lazy_gettext("检查项没有填全"),
    "storefront_photo_missing": lazy_gettext("缺门头照片"),
    "signature_missing": lazy_gettext("没有网点签字"),
    "photos_pending": lazy_gettext("照片还没有传完"),
    "no_fix": lazy_gettext("没有定位"),
    "no_outlet_position": lazy_gettext("网点还没有登记位置"),
    "accepted_by_supervisor": lazy_gettext("主管认可了位置"),
    "corrects_rejected": lazy_gettext("更正的是主管没有接受的一次，等主管看"),
    "sample_doubted": lazy_gettext("抽查的人觉得不对，等主管看；主管定之前照样计入"),
    "replaced": lazy_gettext("已有更正的记录代替这一次"),
}
INNOCENT_READINGS = {
    "rejected": lazy_gettext("主管看到的材料不全；本人可以补充说明，再请主管看一次。"),
    "checklist_incomplete": lazy_gettext("手机上的表单旧，少几项。"),
    "storefront_photo_missing": lazy_gettext("门头在装修或被挡住，拍不到招牌。"),
    "signature_missing": lazy_gettext("店主外出，或不愿意签。"),
    "photos_pending": lazy_gettext("手机还没有连上网；到齐后自动重新判定。"),
    "no_fix": lazy_gettext("在楼内或地下，收不到卫星信号。"),
    "no_outlet_position": lazy_gettext("新网点；主管接受一次误差不大的巡检，位置就定下来。"),
    "outside_fence": lazy_gettext("登记的位置偏了，或网点搬了。"),
    "sample_doubted": lazy_gettext("抽查的人只看照片和回答，不知道别的情况。"),
}
SAME_DAY = lazy_gettext("同一天只计 1 次，或与前一次间隔不够")


def verdict_of(visit: Any) -> str:
    """`done` counts, `waiting` needs a review, `pending` lacks only files still under way, `no` does not count."""
    if visit.counts:
        return "done"
    if visit.needs_review:
        return "waiting"
    return "pending" if set(visit.reasons) == {"photos_pending"} else "no"


def reason_words(code: str, visit: Any) -> str:
    """The reason with the visit's numbers: fact and limit."""
    if code == "outside_fence":
        return gettext("距网点 %(distance)s，允许 %(allowed)s", distance=metres(visit.distance_m), allowed=metres(visit.allowed_m))
    return str(REASON_WORDS.get(code, code))


def innocent_reading(code: str) -> str:
    return str(INNOCENT_READINGS.get(code, ""))


def first_reason(visit: Any) -> str:
    """The reason that matters most for a visit that does not count, or nothing."""
    reasons = [code for code in visit.reasons if code != "accepted_by_supervisor"]
    return reason_words(reasons[0], visit) if reasons else ""


def answer_words(question: Question, answer: str, language: str) -> str:
    if question.type == "choice":
        return next((str(getattr(choice, language)) for choice in question.choices if choice.value == answer), answer)
    if question.type == "photo":
        return gettext("已拍照片") if answer else ""
    unit = getattr(question, f"unit_{language}")
    return f"{answer} {unit}".strip()


def month_words(row: Any) -> str:
    """The state of an outlet's month; one that owes nothing and has a planned visit before it is called planned, not owed."""
    return str(PLANNED_WORDS if row.state == "due" and not row.owed else STATE_WORDS[row.state])


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question with its answer, both in the reader's language."""

    key: str
    label: str
    answer: str
    note: str
    is_problem: bool


def answered_questions(visit: Any) -> list[AnsweredQuestion]:
    """In the order asked; answers to unknown questions are kept as they came."""
    language = chosen_language()
    questions = questions_by_key(visit.form, visit.checklist_version_id)
    return [_answered(given, questions.get(given["key"]), language) for given in visit.checklist]


def _answered(given: dict[str, Any], question: Question | None, language: str) -> AnsweredQuestion:
    key, answer, note = given["key"], given["answer"], given.get("note", "")
    if question is None:
        return AnsweredQuestion(key, key, answer, note, False)
    return AnsweredQuestion(key, getattr(question, language), answer_words(question, answer, language), note, is_bad(question, answer))


def checklist_rows(visit: Any) -> list[tuple[str, str, str, bool]]:
    """(question, answer, note, is problem) in the order asked, problems first."""
    rows = [(asked.label, asked.answer, asked.note, asked.is_problem) for asked in answered_questions(visit)]
    return sorted(rows, key=lambda row: not row[3])
