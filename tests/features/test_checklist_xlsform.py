"""Checklists as XLSForm: out and in again, forms of other tools, and what is refused with its row."""

import io

import pytest
from sqlalchemy import select
from xlsxwriter import Workbook

from server.checklists.actions import take_key
from server.checklists.drafts import draft_of
from server.checklists.models import Checklist, ChecklistVersion
from server.checklists.xlsform import read_xlsform, xlsform_bytes
from server.db import db
from sync.problems import Problem
from tests.features.browsing import console
from tests.features.designing import Designer
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

MOST = 2_000_000


def test_an_xlsform_goes_out_and_comes_in_again(app, company: Company, staff: Staff):
    designer = Designer(app)
    designer.design()
    version_id = designer.publish()
    raw = designer.browser.get(f"{designer.place}/xlsform").data
    made = designer.browser.post("/checklists", data={"zh": "又一份", "en": "", "file": (io.BytesIO(raw), "list.xlsx")})
    again = made.headers["Location"].rsplit("/", 1)[1]
    with app.app_context():
        draft = draft_of(db.session.get_one(Checklist, again).draft)
        published = db.session.get_one(ChecklistVersion, version_id).questions
    assert [one.key for one in draft] == ["q1", "q2", "q3", "q4", "q5"]
    assert [one.show_if for one in draft] == ["", "q1=no", "q1=no", "", ""]
    assert [(one.lowest, one.highest, one.is_required) for one in draft[3:]] == [("0", "50", True), ("", "", False)]
    assert read_xlsform(xlsform_bytes(draft, "再来"), MOST) == draft
    assert published[0]["choices"][1] == {"value": "no", "zh": "否", "en": "No", "is_problem": True}


def test_the_designer_gives_no_key_of_an_imported_form_again(app, company: Company, staff: Staff):
    designer = Designer(app)
    designer.design()
    raw = designer.browser.get(f"{designer.place}/xlsform").data
    made = designer.browser.post("/checklists", data={"zh": "又一份", "en": "", "file": (io.BytesIO(raw), "list.xlsx")})
    again = made.headers["Location"].rsplit("/", 1)[1]
    with app.app_context():
        assert take_key(again) == "q6"


def test_a_key_that_a_version_asked_is_never_given_again(app, company: Company, staff: Staff):
    designer = Designer(app)
    designer.design()
    version_id = designer.publish()
    with app.app_context():
        checklist = db.session.get_one(Checklist, db.session.get_one(ChecklistVersion, version_id).checklist_id)
        checklist.draft, checklist.next_key = [one for one in checklist.draft if one["key"] != "q4"], 1
        db.session.commit()
        assert take_key(checklist.id) == "q6"
        assert take_key(checklist.id) == "q7"


def test_an_empty_column_is_nothing_left_out():
    assert len(read_xlsform(workbook({"survey": with_column("hint", ""), "choices": CHOICES}), MOST)) == 2


@pytest.mark.parametrize("word", ["no", "FALSE", "false()", "0", "否"])
def test_a_question_that_says_it_is_not_required_is_not(word):
    [first, _] = read_xlsform(workbook({"survey": with_cell(1, 3, word), "choices": CHOICES}), MOST)
    assert first.is_required is False


def workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


SURVEY = ["type", "name", "label", "required", "relevant", "constraint"]
PLAIN = [
    SURVEY,
    ["select_one yn", "q1", "灯亮吗", "yes", "", ""],
    ["decimal", "q2", "几个人", "", "${q1} = 'no' or ${q1} = 'na'", ". >= 0 and . <= 9"],
]
CHOICES = [["list_name", "name", "label"], ["yn", "yes", "亮"], ["yn", "no", "不亮"], ["yn", "na", "没有"]]


def with_cell(row: int, column: int, text: str) -> list[list[str]]:
    return [[text if (number, place) == (row, column) else cell for place, cell in enumerate(line)] for number, line in enumerate(PLAIN)]


def with_column(name: str, text: str) -> list[list[str]]:
    return [[*PLAIN[0], name], [*PLAIN[1], ""], [*PLAIN[2], text]]


def test_an_xlsform_of_another_tool_is_read():
    first, second = read_xlsform(workbook({"survey": PLAIN, "choices": CHOICES}), MOST)
    assert (first.zh, first.en, first.is_required, first.choices) == ("灯亮吗", "灯亮吗", True, "亮 / 亮\n不亮 / 不亮\n没有 / 没有")
    assert (second.type, second.lowest, second.highest, second.show_if, second.is_required) == ("number", "0", "9", "q1=no,na", False)


@pytest.mark.parametrize(
    ("sheets", "code", "row"),
    [
        ({"survey": with_cell(2, 0, "geopoint"), "choices": CHOICES}, "xlsform_type", "3"),
        ({"survey": with_cell(2, 0, "integer"), "choices": CHOICES}, "xlsform_integer", "3"),
        ({"survey": with_cell(2, 0, "text x"), "choices": CHOICES}, "xlsform_type", "3"),
        ({"survey": with_cell(1, 0, ""), "choices": CHOICES}, "xlsform_type", "2"),
        ({"survey": with_cell(1, 3, "${q2} = 'x'"), "choices": CHOICES}, "xlsform_required", "2"),
        *[
            ({"survey": with_column(name, "x"), "choices": CHOICES}, "xlsform_column", "3")
            for name in ("choice_filter", "default", "disabled", "hint", "calculation", "")
        ],
        ({"survey": PLAIN, "choices": [[*CHOICES[0], "region"], [*CHOICES[1], "x"], *CHOICES[2:]]}, "xlsform_column", "2"),
        ({"survey": PLAIN, "choices": [[*CHOICES[0], "is_problem"], [*CHOICES[1], "maybe"], *CHOICES[2:]]}, "xlsform_choice", "2"),
        ({"survey": PLAIN, "choices": [*CHOICES, ["", "other", "别的"]]}, "xlsform_choice", "5"),
        ({"survey": with_cell(1, 0, "select_one other"), "choices": CHOICES}, "xlsform_list", "2"),
        ({"survey": with_cell(1, 1, "Q 1"), "choices": CHOICES}, "xlsform_name", "2"),
        ({"survey": with_cell(1, 2, ""), "choices": CHOICES}, "xlsform_label", "2"),
        ({"survey": with_cell(2, 5, ". != 4"), "choices": CHOICES}, "xlsform_constraint", "3"),
        ({"survey": with_cell(1, 5, ". >= 4"), "choices": CHOICES}, "xlsform_constraint", "2"),
        ({"survey": with_cell(2, 4, "${q1} != 'no'"), "choices": CHOICES}, "xlsform_relevant", "3"),
        ({"survey": with_cell(2, 4, "${q9} = 'no'"), "choices": CHOICES}, "condition_unknown", "3"),
        ({"survey": with_cell(2, 1, "q1"), "choices": CHOICES}, "key_taken", "3"),
        ({"survey": PLAIN, "choices": [CHOICES[0], ["yn", "1 2", "亮"], *CHOICES[2:]]}, "xlsform_choice", "2"),
        ({"survey": PLAIN, "choices": [*CHOICES[:3], ["yn", "na", "没有 / None"]]}, "xlsform_choice", "4"),
        ({"survey": PLAIN, "choices": [*CHOICES[:3], ["yn", "na", "! 没有"]]}, "xlsform_choice", "4"),
        ({"survey": PLAIN, "choices": [*CHOICES[:3], ["yn", "na", "没\n有"]]}, "xlsform_choice", "4"),
        ({"survey": PLAIN[:1], "choices": CHOICES}, "no_questions", None),
        ({"other": PLAIN}, "xlsform_no_survey", None),
    ],
)
def test_an_xlsform_that_says_more_than_a_checklist_can_is_refused_with_its_row(sheets, code, row):
    with pytest.raises(Problem) as refused:
        read_xlsform(workbook(sheets), MOST)
    assert refused.value.extras["fields"] == {"file": code} | ({"file_row": row} if row else {})


@pytest.mark.parametrize(
    ("raw", "code"), [(b"no workbook", "xlsform_unread"), (b"PK\x03\x04broken", "xlsform_unread"), (b"x" * (MOST + 1), "too_large_a_file")]
)
def test_a_file_that_is_none_is_refused_and_nothing_made(app, company: Company, staff: Staff, raw, code):
    chief = console(app, "chief")
    answer = chief.post("/checklists", data={"zh": "夜巡", "en": "", "file": (io.BytesIO(raw), "list.xlsx")})
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Checklist)).all() == []
    with pytest.raises(Problem) as refused:
        read_xlsform(raw, MOST)
    assert refused.value.extras["fields"]["file"] == code


def test_a_condition_on_every_choice_there_may_be_survives_the_designer(app, company: Company, staff: Staff):
    keys = [f"a_value_as_long_as_values_may_become_{number:02d}" for number in range(12)]
    choices = [CHOICES[0], *(["yn", key, f"选项{number}"] for number, key in enumerate(keys))]
    relevant = " or ".join(f"${{q1}} = '{key}'" for key in keys)
    raw = workbook({"survey": with_cell(2, 4, relevant), "choices": choices})
    designer = Designer(app, file=(io.BytesIO(raw), "list.xlsx"))
    assert designer.post("publish").status_code == 302
    with app.app_context():
        [version] = db.session.scalars(select(ChecklistVersion)).all()
        assert version.questions[1]["show_if"]["values"] == keys
