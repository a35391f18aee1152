"""Checklists as XLSForm workbooks (xlsform.org), the plain part of it: `survey` and `choices`, labels in two languages.

Read are select_one, decimal, text, image and date; `required`; `relevant` that names answers of one earlier question;
`constraint` that bounds a number. The column `is_problem` of `choices` is our own. Everything else is refused with its row,
also whole numbers and columns that we do not know, so that nothing of somebody's form is silently left out.
"""

import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from xlsxwriter import Workbook

from server.checklists.drafts import DraftQuestion, draft_from, is_one_line, questions_from
from server.console.workbooks import OPTIONS
from server.transactions.faults import TableFault
from server.transactions.sheets import sheet_rows
from sync.checklist import MOST_LABEL, MOST_QUESTIONS, NUMBER, Choice, Condition, Question, is_key
from sync.problems import Problem

ZH, EN = "label::中文 (zh)", "label::English (en)"
SURVEY = ("type", "name", ZH, EN, "required", "relevant", "constraint")
CHOICES = ("list_name", "name", ZH, EN, "is_problem")
PLAIN = {"decimal": "number", "text": "text", "image": "photo", "date": "date"}
OURS = {"number": "decimal", "text": "text", "photo": "image", "date": "date"}
YES = ("yes", "true", "true()", "1", "是")
NO = ("", "no", "false", "false()", "0", "否")
ONE = re.compile(r"\$\{([^}]+)\}\s*=\s*['\"]([^'\"]+)['\"]")
BOUND = re.compile(rf"\.\s*(>=|<=)\s*({NUMBER.pattern})")


class XlsformFault(Exception):
    """What cannot be read: a code of the form's faults, and the row of the sheet."""

    def __init__(self, code: str, row: int = 0) -> None:
        super().__init__(code, row)
        self.code, self.row = code, row


class Line(NamedTuple):
    """A row of a sheet by the names of its columns, texts without blanks around them; empty cells are left out."""

    row: int
    cells: dict[str, str]

    def label(self, language: str) -> str:
        """The text in a language; a form with one language has it for both."""
        marks = ("zh", "中文", "chinese") if language == "zh" else ("en", "english")
        named = [text for name, text in self.cells.items() if name.startswith("label::") and any(mark in name.lower() for mark in marks)]
        labels = [text for name, text in self.cells.items() if name == "label" or name.startswith("label::")]
        return next((text for text in [*named, *labels] if text), "")


def read_xlsform(raw: bytes, most: int) -> list[DraftQuestion]:
    """The draft in a workbook of at most `most` bytes; raises `invalid` with what is wrong and in which row."""
    try:
        if len(raw) > most:
            raise XlsformFault("too_large_a_file")
        return draft_from(_questions(_sheets(raw)))
    except TableFault as fault:
        raise Problem("invalid", fields={"file": "xlsform_unread"}) from fault
    except XlsformFault as fault:
        fields = {"file": fault.code} | ({"file_row": str(fault.row)} if fault.row else {})
        raise Problem("invalid", fields=fields) from fault


def _sheets(raw: bytes) -> dict[str, list[Line]]:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(raw)
        file.flush()
        found: defaultdict[str, list[Line]] = defaultdict(list)
        heads: dict[str, list[str]] = {}
        for row in sheet_rows(Path(file.name)):
            texts = [str(cell).strip() for cell in row.cells]
            if row.sheet not in heads:
                heads[row.sheet] = texts
            else:
                named = zip_longest(heads[row.sheet], texts, fillvalue="")
                found[row.sheet].append(Line(row.number, {name: text for name, text in named if text}))
    if "survey" not in heads:
        raise XlsformFault("xlsform_no_survey")
    return found


def _questions(sheets: dict[str, list[Line]]) -> list[Question]:
    lists = _lists(sheets.get("choices", []))
    lines = [line for line in sheets["survey"] if line.cells]
    if not 0 < len(lines) <= MOST_QUESTIONS:
        raise XlsformFault("too_many_questions" if lines else "no_questions")
    questions = [_question(line, lists) for line in lines]
    faults = questions_from(draft_from(questions))[1]
    for name in faults:
        raise XlsformFault(faults[name], lines[int(name.split("-")[1])].row if name.startswith("q-") else 0)
    return questions


def _lists(lines: Iterable[Line]) -> dict[str, list[Choice]]:
    found: defaultdict[str, list[Choice]] = defaultdict(list)
    for line in lines:
        cells = line.cells
        if not cells:
            continue
        _refuse_unknown(line, CHOICES)
        zh, en, is_problem = line.label("zh"), line.label("en"), cells.get("is_problem", "").lower()
        if "list_name" not in cells or is_problem not in YES + NO:
            raise XlsformFault("xlsform_choice", line.row)
        if not is_key(cells.get("name", "")) or not all(0 < len(words) <= MOST_LABEL and is_one_line(words) for words in (zh, en)):
            raise XlsformFault("xlsform_choice", line.row)
        found[cells["list_name"]].append(Choice(cells["name"], zh, en, is_problem in YES))
    return found


def _refuse_unknown(line: Line, names: tuple[str, ...]) -> None:
    if any(name not in names and name != "label" and not name.startswith("label::") for name in line.cells):
        raise XlsformFault("xlsform_column", line.row)


def _type(line: Line, lists: dict[str, list[Choice]]) -> tuple[str, list[Choice]]:
    """The type of our question, and its choices."""
    kind, _, name = line.cells.get("type", "").partition(" ")
    if kind == "select_one" and len(name.split()) == 1:
        if name.strip() not in lists:
            raise XlsformFault("xlsform_list", line.row)
        return "choice", lists[name.strip()]
    if kind not in PLAIN or name:
        raise XlsformFault("xlsform_integer" if kind == "integer" else "xlsform_type", line.row)
    return PLAIN[kind], []


def _question(line: Line, lists: dict[str, list[Choice]]) -> Question:
    _refuse_unknown(line, SURVEY)
    cells, (kind, choices) = line.cells, _type(line, lists)
    key, zh, en = cells.get("name", ""), line.label("zh"), line.label("en")
    if not is_key(key):
        raise XlsformFault("xlsform_name", line.row)
    if not all(0 < len(words) <= MOST_LABEL for words in (zh, en)):
        raise XlsformFault("xlsform_label", line.row)
    required = cells.get("required", "").lower()
    if required not in YES + NO:
        raise XlsformFault("xlsform_required", line.row)
    lowest, highest = _bounds(line)
    return Question(
        key,
        kind,  # type: ignore[arg-type]
        zh,
        en,
        required in YES,
        choices,
        lowest,
        highest,
        show_if=_condition(line),
    )


def _bounds(line: Line) -> tuple[str | None, str | None]:
    text = line.cells.get("constraint", "")
    found = {sign: value for part in re.split(r"\s+and\s+", text) if (match := BOUND.fullmatch(part.strip())) for sign, value in [match.groups()[:2]]}
    if text and (len(found) != len(re.split(r"\s+and\s+", text)) or PLAIN.get(line.cells["type"]) != "number"):
        raise XlsformFault("xlsform_constraint", line.row)
    return found.get(">="), found.get("<=")


def _condition(line: Line) -> Condition | None:
    text = line.cells.get("relevant", "")
    if not text:
        return None
    matches = [ONE.fullmatch(part.strip()) for part in re.split(r"\s+or\s+", text)]
    named = {(match.group(1), match.group(2)) for match in matches if match}
    keys = {key for key, _ in named}
    if not all(matches) or len(keys) != 1 or not all(is_key(word) for pair in named for word in pair):
        raise XlsformFault("xlsform_relevant", line.row)
    return Condition(keys.pop(), [match.group(2) for match in matches if match])


def xlsform_bytes(draft: list[DraftQuestion], title: str) -> bytes:
    """The draft as a workbook that `read_xlsform` and other tools read; what is faulty in it goes out as typed."""
    questions = questions_from(draft)[0]
    file = BytesIO()
    book = Workbook(file, OPTIONS | {"in_memory": True})
    sheets: dict[str, list[tuple[str, ...]]] = {
        "survey": [SURVEY, *_survey(questions)],
        "choices": [CHOICES, *_choices(questions)],
        "settings": [("form_title",), (title,)],
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def _survey(questions: list[Question]) -> Iterator[tuple[str, ...]]:
    for one in questions:
        kind = f"select_one {one.key}" if one.type == "choice" else OURS[one.type]
        bounds = [f". {sign} {value}" for sign, value in ((">=", one.lowest), ("<=", one.highest)) if value is not None]
        relevant = " or ".join(f"${{{one.show_if.key}}} = '{value}'" for value in one.show_if.values) if one.show_if else ""
        yield kind, one.key, one.zh, one.en, "yes" if one.is_required else "", relevant, " and ".join(bounds)


def _choices(questions: list[Question]) -> Iterator[tuple[str, ...]]:
    for one in questions:
        for choice in one.choices:
            yield one.key, choice.value, choice.zh, choice.en, "yes" if choice.is_problem else ""
