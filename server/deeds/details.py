"""The details of deeds in plain words: what it was before and is now, names for ids, words for codes."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext

from server.callbacks.words import OUTCOME_WORDS
from server.churn.words import REASON_WORDS, SOURCE_WORDS
from server.console.formats import NOTHING, short_hash
from server.deeds.detail_words import DETAIL_WORDS
from server.deeds.subjects import Names, Subject
from server.findings.words import kind_words
from server.language import LANGUAGE_WORDS
from server.outlets.words import DOCUMENT_WORDS
from server.outlets.words import STATE_WORDS as FILE_STATES
from server.payroll.close_words import TITLES as CHECK_TITLES
from server.people.words import ROLE_WORDS
from server.transactions.words import KIND_WORDS as TABLE_KINDS

# ids that say nothing to a reader; the export keeps them
KEPT_QUIET = {"op_id", "conflict_id", "objection_id", "complaint_id", "delivery_id", "client_id", "import_id", "device_id", "read_at"}
HASHES = ("seal", "sha256")
PEOPLE = ("successor_id", "substitute_id")
OUTLETS = ("other_id", "kept_id", "outlet_id", "written_to")
REGIONS = ("region_ids",)
MOST_LISTED = 8
Line = tuple[str, str]
# what codes mean, by the first part of the deed and the name of the detail; features above add theirs
value_words: dict[tuple[str, str], Mapping[Any, Any]] = {
    ("outlet", "kind"): DOCUMENT_WORDS,
    ("outlet", "before"): FILE_STATES,
    ("table", "kind"): TABLE_KINDS,
    ("callback", "outcome"): OUTCOME_WORDS,
    ("churn", "source"): SOURCE_WORDS,
    ("churn", "reason"): REASON_WORDS,
    ("person", "roles"): ROLE_WORDS,
    ("person", "way"): {
        "oidc": lazy_gettext("统一登录"),
        "link": lazy_gettext("一次性链接"),
        "console": lazy_gettext("管理台"),
        "phone": lazy_gettext("手机"),
    },
    ("person", "language"): LANGUAGE_WORDS,
    ("wage_kind", "sign"): {1: lazy_gettext("加"), -1: lazy_gettext("减")},
}
field_words: dict[str, Any] = {}  # of outlet files


def named_subjects(action: str, subject: Subject, detail: Mapping[str, Any]) -> set[Subject]:
    """The records that a deed names: its own, and those that its details speak of by id."""
    found = {subject}
    if subject[0] == "planned_training":
        found.add(("outlet", subject[1].partition(":")[0]))
    for name, value in _flat(detail):
        kind = _kind_of_id(action, name)
        found |= {(kind, one) for one in (value if isinstance(value, list) else [value]) if kind and isinstance(one, str)}
    return found


def _flat(detail: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in detail.items():
        if isinstance(value, dict):
            yield from _flat(value)
        else:
            yield name, value


def _kind_of_id(action: str, name: str) -> str:
    """Of which type an id of this name is; empty for what is no id."""
    if name in ("before", "after") and action in ("outlet.assigned", "outlet.lost", "outlet.assignment_undone"):
        return "person"
    if name in ("before", "after") and action == "outlet.moved":
        return "region"
    kinds = [("person", PEOPLE), ("outlet", OUTLETS), ("region", REGIONS)]
    return next((kind for kind, names in kinds if name in names), "")


def detail_lines(action: str, detail: Mapping[str, Any], names: Names) -> list[Line]:
    """The details, each as (label, words) such as (`改动`, `赵广田 → 林晓月`); what says nothing to a reader is left out."""
    shown = {name: value for name, value in detail.items() if name not in KEPT_QUIET}
    lines = []
    if "before" in shown and "after" in shown:
        lines = _changes(action, shown.pop("before"), shown.pop("after"), names)
    return lines + [(_label(name), _said(action, name, value, names)) for name, value in shown.items() if value not in ("", None, [], {})]


def _changes(action: str, before: Any, after: Any, names: Names) -> list[Line]:
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return [(gettext("改动"), f"{_said(action, 'before', before, names)} → {_said(action, 'after', after, names)}")]
    changed = [name for name in after if before.get(name) != after[name]]
    return [(_label(name), f"{_said(action, name, before.get(name), names)} → {_said(action, name, after[name], names)}") for name in changed]


def line_words(line: Line) -> str:
    return gettext("%(label)s：%(words)s", label=line[0], words=line[1])


def _label(name: str) -> str:
    return str(DETAIL_WORDS.get(name) or field_words.get(name) or name)


def _said(action: str, name: str, value: Any, names: Names) -> str:
    if value is None or value == "":
        return NOTHING
    if name == "checks":
        return _open_checks(value)
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list):
        return _joined([_said(action, name, one, names) for one in value])
    if isinstance(value, dict):
        return _joined([line_words((_label(part), _said(action, part, one, names))) for part, one in value.items()])
    if name in HASHES:
        return short_hash(str(value))
    return _worded(action, name, value, names)


def _open_checks(checks: list[dict[str, Any]]) -> str:
    """What was still to be done when a month was closed."""
    waiting = [(CHECK_TITLES.get(one["code"], one["code"]), one["left"]) for one in checks if one["is_needed"] and one["left"]]
    return _joined([gettext("%(check)s（还差 %(left)s）", check=title, left=left) for title, left in waiting]) or gettext("都做完了")


def _joined(words: list[str]) -> str:
    shown = gettext("、").join(words[:MOST_LISTED])
    return shown if len(words) <= MOST_LISTED else gettext("%(shown)s 等 %(count)s 项", shown=shown, count=len(words))


def _worded(action: str, name: str, value: Any, names: Names) -> str:
    kind, text = _kind_of_id(action, name), str(value)
    if kind:
        known = names.get((kind, text))
        return known.name if known else gettext("编号 %(number)s", number=text[-8:])
    if name in ("fields", "field"):
        return str(field_words.get(value, value))
    if action.startswith("finding.") and name == "kind":
        return kind_words(text)
    words = value_words.get((action.partition(".")[0], name), {})
    return str(words.get(value, text))
