"""What was judged of an outlet: churn cases and findings. Each as far as the reader may know of it."""

from typing import Any

from sqlalchemy import String, case, cast, func, select
from sqlalchemy.orm import aliased

from server.churn.models import ChurnCase, ChurnWord
from server.churn.queries import is_visible_case
from server.findings.models import Finding, FindingObjection, FindingStep
from server.findings.views import READERS, is_visible_finding
from server.histories.rows import Asked, rows_of
from server.people.models import Person

GONE = "gone"
ENDED = "churn_words_ended"  # of one moment it stands behind `churn_word`, and both before `finding`


def churn_rows(asked: Asked) -> list[Any]:
    """Listed, what was said, and how it ended: at the moment of the word that decided."""
    is_here = (ChurnCase.outlet_id == asked.outlet.id, is_visible_case(asked.reader, asked.today))
    listed = rows_of(asked, "churn_listed", ChurnCase.id, ChurnCase.id, at=ChurnCase.made_at, subject=ChurnCase.month)
    said = {"at": ChurnWord.at, "by_name": Person.name, "code": ChurnWord.source, "note": ChurnWord.note}
    words = rows_of(asked, "churn_word", ChurnWord.id, ChurnCase.id, **said, subject=case((ChurnWord.is_gone, GONE), else_=""))
    of_that_day = (ChurnWord.case_id == ChurnCase.id, ChurnWord.on == ChurnCase.decided_on)
    decided_at = select(func.max(ChurnWord.at)).where(*of_that_day).scalar_subquery()
    ended = rows_of(asked, ENDED, ChurnCase.id, ChurnCase.id, at=decided_at, by_name=Person.name, code=ChurnCase.state)
    return [
        listed.where(*is_here),
        words.join(ChurnCase, ChurnCase.id == ChurnWord.case_id).join(Person, Person.id == ChurnWord.by_id).where(*is_here),
        ended.outerjoin(Person, Person.id == ChurnCase.decided_by_id).where(*is_here, decided_at.is_not(None)),
    ]


def finding_rows(asked: Asked) -> list[Any]:
    """Steps of findings, objections to them and the answers; none for roles that have no findings."""
    if not asked.reader.holds(*READERS):
        return []
    is_here = (Finding.outlet_id == asked.outlet.id, is_visible_finding(asked.reader))
    concerned = aliased(Person)
    of_step = {"at": FindingStep.at, "code": FindingStep.state, "note": FindingStep.reason}
    of_answer = {"at": FindingObjection.answered_at, "code": cast(FindingObjection.answer, String)}
    kinds: tuple[tuple[str, Any, dict[str, Any], Any], ...] = (
        ("finding", FindingStep, of_step, FindingStep.by_id),
        ("objection", FindingObjection, {"at": FindingObjection.at}, FindingObjection.by_id),
        ("objection_answer", FindingObjection, of_answer, FindingObjection.answered_by_id),
    )
    found = []
    for source, model, columns, by_id in kinds:
        named = {"by_name": Person.name, "subject": Finding.kind, "other_name": concerned.name}
        query = rows_of(asked, source, model.id, Finding.id, **columns, **named).join(Finding, Finding.id == model.finding_id)
        query = query.outerjoin(Person, Person.id == by_id).join(concerned, concerned.id == Finding.person_id)
        found.append(query.where(*is_here, columns["at"].is_not(None)))
    return found
