"""What the pages of checklists show."""

from dataclasses import dataclass

from server.checklists.drafts import DraftQuestion, condition_choices, documents, draft_of, questions_from
from server.checklists.forms import DesignForm, UseForm
from server.checklists.models import Checklist, ChecklistVersion
from server.checklists.queries import versions_of
from server.language import chosen_language
from sync.checklist import Question

Published = tuple[ChecklistVersion, str]


@dataclass(frozen=True)
class Listed:
    """A checklist in the list, with its newest version."""

    checklist: Checklist
    newest: ChecklistVersion | None
    is_changed: bool


@dataclass(frozen=True)
class Shown:
    """A checklist with the draft that the page shows: as kept, or as just typed. `conditions` belong to the questions, in their order."""

    checklist: Checklist
    draft: list[DraftQuestion]
    use: UseForm
    conditions: list[list[tuple[str, str]]]
    questions: list[Question]
    versions: list[Published]
    is_changed: bool


def checklist_rows(found: list[Checklist]) -> list[Listed]:
    """In the order given."""
    newest: dict[str, ChecklistVersion] = {}
    for version, _ in versions_of([one.id for one in found]):
        newest.setdefault(version.checklist_id, version)
    return [Listed(one, newest.get(one.id), _is_changed(one, newest.get(one.id))) for one in found]


def design_view(checklist: Checklist, form: DesignForm | None = None) -> Shown:
    """With a form, what was just typed in it."""
    draft = draft_of(checklist.draft) if form is None else form.draft
    use = UseForm(checklist.zh, checklist.en, checklist.classes, checklist.region_ids) if form is None else form.use
    language = chosen_language()
    conditions = [condition_choices(draft, place, language) for place in range(len(draft))]
    versions = versions_of([checklist.id])
    return Shown(checklist, draft, use, conditions, questions_from(draft)[0], versions, _is_changed(checklist, versions[0][0] if versions else None))


def _is_changed(checklist: Checklist, newest: ChecklistVersion | None) -> bool:
    """Whether the draft asks anything that the phones do not."""
    questions = documents(questions_from(draft_of(checklist.draft))[0])
    return questions != (newest.questions if newest else [])
