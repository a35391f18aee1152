"""What may not be published as a checklist, and what a form asks by itself."""

import msgspec
import pytest

from sync.checklist import Choice, Condition, Question, question_faults, questions_of
from sync.visit_form import form_questions, questions_asked

YES, NO = Choice("yes", "是", "Yes"), Choice("no", "否", "No", is_problem=True)
LAMP = Question("q1", "choice", "灯箱亮不亮", "Sign lit", choices=[YES, NO])


def condition_on(key: str, *values: str) -> Question:
    return Question("q2", "text", "为什么", "Why", show_if=Condition(key, list(values)))


@pytest.mark.parametrize(
    ("questions", "faults"),
    [
        ([LAMP, condition_on("q1", "no")], []),
        ([], [("", "no_questions")]),
        ([LAMP, LAMP], [("q1", "key_taken")]),
        ([Question("owner_complaint", "text", "投诉", "Complaint")], [("owner_complaint", "key_taken")]),
        ([Question("q1", "choice", "灯", "Lamp", choices=[YES])], [("q1", "few_choices")]),
        ([Question("q1", "choice", "灯", "Lamp", choices=[YES, YES])], [("q1", "few_choices")]),
        ([Question("q1", "number", "人", "People", lowest="5", highest="5.0")], []),
        ([Question("q1", "number", "人", "People", lowest="5.001", highest="5")], [("q1", "bounds_crossed")]),
        ([Question(f"p{number}", "photo", "拍", "Take") for number in range(8)], []),
        ([Question(f"p{number}", "photo", "拍", "Take") for number in range(9)], [("p8", "too_many_photo_questions")]),
        ([condition_on("q1", "no"), LAMP], [("q2", "condition_unknown")]),
        ([LAMP, condition_on("q1", "maybe")], [("q2", "condition_unknown")]),
        ([LAMP, condition_on("q2", "no")], [("q2", "condition_unknown")]),
    ],
)
def test_a_list_with_a_fault_is_told_where_it_is(questions, faults):
    assert question_faults(questions) == faults


@pytest.mark.parametrize(
    "raw",
    [
        {"key": "Q1", "type": "text", "zh": "题", "en": "Q"},
        {"key": "q1", "type": "video", "zh": "题", "en": "Q"},
        {"key": "q1", "type": "text", "zh": "", "en": "Q"},
        {"key": "q1", "type": "text", "zh": "题" * 81, "en": "Q"},
        {"key": "q1", "type": "number", "zh": "题", "en": "Q", "lowest": "1e3"},
        {"key": "q1", "type": "text", "zh": "题", "en": "Q", "show_if": {"key": "q0", "values": []}},
    ],
)
def test_a_question_of_another_shape_is_none(raw):
    with pytest.raises(msgspec.ValidationError):
        questions_of([raw])


def test_complaints_are_asked_behind_every_list_and_a_form_asks_its_own_eight():
    assert [question.key for question in questions_asked("visit.v3", [LAMP])] == ["q1", "owner_complaint"]
    assert len(form_questions("visit.v3")) == len(questions_asked("visit.v1", None)) == 8
