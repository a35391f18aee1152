"""Rows of a time line in words: a shape and a sentence by source."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

from flask_babel import gettext, lazy_gettext

from server.callbacks import words as callbacks
from server.churn import words as churn
from server.complaints import words as complaints
from server.deeds.words import deed_words
from server.domain.churn import ChurnState, Source
from server.findings import words as findings
from server.followups import words as follow_ups
from server.followups.models import StepKind
from server.histories.file_sources import EDITED
from server.histories.judged_sources import ENDED, GONE
from server.histories.owner_sources import GIVEN, POOLED
from server.histories.work_sources import CORRECTED, COUNTS, FIRST, WAITS
from server.outlets.field_words import field_words
from server.outlets.words import STEP_MARKS
from server.visits.words import VERDICT_WORDS, first_reason, verdict_of

MOST_FIELDS = 6
MOVED = "moved"
KIND_WORDS = {
    "visit": lazy_gettext("巡检"),
    "file": lazy_gettext("资料"),
    "owner": lazy_gettext("归属记录"),
    "complaint": lazy_gettext("投诉"),
    "follow_up": lazy_gettext("备案问题"),
    "material": lazy_gettext("物料配送"),
    "training": lazy_gettext("培训"),
    "callback": lazy_gettext("电话回访"),
    "churn": lazy_gettext("离网"),
    "finding": lazy_gettext("考核事项"),
}


class Said(NamedTuple):
    """`mark` is a shape of `_marks.html`; `name` is of whom or what the sentence ends with."""

    mark: str
    words: str
    name: str = ""


def said(row: Any) -> Said:
    """What happened; where somebody's name stands before it, no English sentence begins there."""
    found = SENTENCES[row.source](row)
    return found._replace(words=found.words[:1].lower() + found.words[1:]) if row.by_name else found


def _made(_row: Any) -> Said:
    return Said("due", gettext("建了网点资料"))


def _step(row: Any) -> Said:
    return Said(STEP_MARKS[row.code], deed_words(f"outlet.{row.code}"))


def _deed(row: Any) -> Said:
    if row.code != EDITED or not row.facts:
        return Said("none", deed_words(row.code))
    fields = [field_words(name) for name in row.facts]
    names = gettext("、").join(fields[:MOST_FIELDS])
    if len(fields) > MOST_FIELDS:
        names = gettext("%(shown)s 等 %(count)s 项", shown=names, count=len(fields))
    return Said("none", gettext("改了资料：%(fields)s", fields=names))


def _class(row: Any) -> Said:
    return Said("none", gettext("从这天起是 %(letter)s 类", letter=row.code))


def _merged(row: Any) -> Said:
    return Said("none", gettext("把重复的网点合并进来："), row.other_name)


def _moved(row: Any) -> Said:
    return Said("none", gettext("把网点移到别的区域："), " → ".join(name for name in (row.subject, row.other_name) if name))


def _given(row: Any) -> Said:
    if row.by_name == row.other_name:
        return Said("done", gettext("开始负责这个网点"))
    return Said("done", gettext("把网点交给") if row.by_name else gettext("开始负责这个网点的是"), row.other_name)


def _pooled(_row: Any) -> Said:
    return Said("overdue", gettext("负责到这天为止，以后归区域公共，没有人管"))


def _visit(row: Any) -> Said:
    facts = {"reasons": row.facts or [], "distance_m": row.distance_m, "allowed_m": row.allowed_m}
    visit = SimpleNamespace(counts=row.code == COUNTS, needs_review=row.code == WAITS, **facts)
    verdict, why = verdict_of(visit), "" if row.code == COUNTS else first_reason(visit)
    if why:
        return Said(verdict, gettext("巡检，%(verdict)s：%(why)s", verdict=VERDICT_WORDS[verdict], why=why))
    return Said(verdict, gettext("巡检，%(verdict)s", verdict=VERDICT_WORDS[verdict]))


def _training(row: Any) -> Said:
    return Said("done", gettext("到店培训，新客户第一次") if row.code == FIRST else gettext("到店培训"))


def _training_voided(_row: Any) -> Said:
    return Said("none", gettext("作废了培训"))


def _material_wanted(_row: Any) -> Said:
    return Said("due", gettext("登记了物料需求"))


def _material_given(_row: Any) -> Said:
    return Said("done", gettext("送到了物料"))


def _material_voided(_row: Any) -> Said:
    return Said("none", gettext("作废了物料需求"))


def _complaint(row: Any) -> Said:
    kind = complaints.KIND_WORDS.get(row.subject, row.subject)
    step = gettext("投诉随合并的网点转来") if row.code == MOVED else deed_words(f"complaint.{row.code}")
    return Said(complaints.STEP_MARKS[row.code], gettext("%(step)s（%(kind)s）", kind=kind, step=step))


def _follow_up(row: Any) -> Said:
    words = deed_words(f"follow_up.{row.code}")
    if row.code == StepKind.PASSED:
        words = gettext("把备案问题转给%(owner)s", owner=follow_ups.OWNER_WORDS[row.subject])
    elif row.code == StepKind.MOVED:
        words = gettext("备案问题随合并的网点转来")
    return Said(follow_ups.STEP_MARKS[row.code], words)


def _callback(row: Any) -> Said:
    outcome = callbacks.OUTCOME_WORDS[row.code]
    words = gettext("%(kind)s：%(outcome)s", kind=callbacks.KIND_WORDS[row.subject], outcome=outcome)
    if row.other_name == CORRECTED:
        return Said("none", gettext("%(words)s（后来更正过）", words=words))
    return Said(callbacks.outcome_mark(row.code), words)


def _callback_listed(row: Any) -> Said:
    return Said("due", gettext("%(kind)s：列出，等运维打", kind=callbacks.KIND_WORDS[row.subject]))


def _churn_listed(row: Any) -> Said:
    return Said("due", gettext("列入 %(month)s 离网名单", month=row.subject))


def _churn_word(row: Any) -> Said:
    is_gone = row.subject == GONE
    words = gettext("离网，%(source)s说：%(said)s", source=churn.SOURCE_WORDS[Source(row.code)], said=churn.SAID_WORDS[is_gone])
    return Said("no" if is_gone else "done", words)


def _churn_ended(row: Any) -> Said:
    state = ChurnState(row.code)
    return Said(churn.STATE_MARKS[state], gettext("离网：定为%(state)s", state=churn.STATE_WORDS[state]))


def _finding(row: Any) -> Said:
    step = findings.step_words(row.code, row.by_name, row.subject, row.note)
    return Said(findings.STATE_MARKS[row.code], _of_finding(row, step), row.other_name)


def _objection(row: Any) -> Said:
    return Said("due", _of_finding(row, gettext("提了异议")), row.other_name)


def _objection_answer(row: Any) -> Said:
    step = findings.ANSWER_WORDS[row.code] if row.by_name else gettext("记录有变，自动撤回")
    return Said(findings.ANSWER_MARKS[row.code], _of_finding(row, step), row.other_name)


def _of_finding(row: Any, step: Any) -> str:
    return gettext("考核事项（%(kind)s）：%(step)s；责任人", kind=findings.kind_words(row.subject), step=step)


SENTENCES: dict[str, Callable[[Any], Said]] = {
    "made": _made,
    "step": _step,
    "deed": _deed,
    "class": _class,
    "merged": _merged,
    "moved": _moved,
    GIVEN: _given,
    POOLED: _pooled,
    "visit": _visit,
    "training": _training,
    "training_voided": _training_voided,
    "material_wanted": _material_wanted,
    "material_given": _material_given,
    "material_voided": _material_voided,
    "complaint": _complaint,
    "follow_up": _follow_up,
    "callback": _callback,
    "callback_listed": _callback_listed,
    "churn_listed": _churn_listed,
    "churn_word": _churn_word,
    ENDED: _churn_ended,
    "finding": _finding,
    "objection": _objection,
    "objection_answer": _objection_answer,
}
