"""What the demo company asks: a checklist of its own for A outlets, the form's eight questions elsewhere."""

import random
from datetime import datetime

from sqlalchemy import select

from server.checklists.actions import Use, make_checklist, publish
from server.checklists.drafts import draft_from
from server.checklists.models import ChecklistVersion
from server.db import db
from server.outlets.models import Outlet
from sync.checklist import ABOUT_COMPLAINT, Choice, Condition, Question, asked, questions_of
from sync.visit_form import questions_asked

YES_NO = [Choice("yes", "是", "Yes"), Choice("no", "否", "No", is_problem=True)]
QUESTIONS = [
    Question("materials", "choice", "物料齐备、摆放合规吗", "Materials complete and in place?", choices=YES_NO),
    Question("tidy", "choice", "店面整洁吗", "Is the shop tidy?", choices=YES_NO),
    Question(
        "waiting", "number", "柜台前排队几个人", "How many people wait at the counter?", lowest="0", highest="60", unit_zh="人", unit_en="waiting"
    ),
    Question("terminal", "choice", "收费机正常吗", "Does the terminal work?", choices=YES_NO),
    Question("fault", "text", "收费机什么故障", "What is wrong with it?", show_if=Condition("terminal", ["no"])),
    Question("since", "date", "从哪天起", "Since which day?", is_required=False, show_if=Condition("terminal", ["no"])),
    Question(
        "rival",
        "choice",
        "附近有新开的代收点吗",
        "Any new collecting shop nearby?",
        choices=[Choice("no", "没有", "None"), Choice("yes", "有", "Yes")],
    ),
    Question("rival_name", "text", "叫什么、在哪里", "Its name and where", is_required=False, show_if=Condition("rival", ["yes"])),
]


def add_checklist(manager_id: str, at: datetime) -> None:
    made = make_checklist(Use("A 类网点巡检", "Round of A outlets", ["A"], []), manager_id, at, draft_from(QUESTIONS))
    publish(made.id, made.revision, manager_id, at)


def version_for(outlet: Outlet) -> ChecklistVersion | None:
    """The company's list, at the outlets it was made for."""
    return db.session.scalar(select(ChecklistVersion)) if outlet.outlet_class == "A" else None


def answers(version: ChecklistVersion | None, trouble: str, day: datetime, source: random.Random) -> list[dict[str, str]]:
    """Everything as it should be, but for what the trouble of this visit is."""
    designed = questions_of(version.questions) if version else None
    bad = (
        source.choice(("terminal", "tidy", "materials") if version else ("materials_complete", "notice_board", "terminal_works"))
        if trouble == "problem"
        else ""
    )
    given: dict[str, str] = {}
    questions = questions_asked("visit.v3", designed)
    for question in questions:
        is_bad = question.key == bad or (question.key == ABOUT_COMPLAINT and trouble == "complaint")
        choice = next((one.value for one in question.choices if one.is_problem == is_bad), "")
        typed = {"number": str(day.minute % 7), "text": "读卡没有反应", "date": day.date().isoformat()}
        given[question.key] = choice or typed.get(question.type, "")
    keys = [question.key for question in asked(questions, given) if given[question.key]]
    return [{"key": key, "answer": given[key], "note": "下次带新的来" if key == bad else ""} for key in keys]
