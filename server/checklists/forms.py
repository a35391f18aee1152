"""What the designer's page sends."""

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from server.checklists.actions import Use
from server.checklists.drafts import MOST_CHOICES_TEXT, DraftQuestion, is_kind, moved
from server.console.form_checks import FormChecks, text_of
from server.domain.outlet_class import CLASSES
from sync.checklist import MOST_LABEL, MOST_QUESTIONS, MOST_UNIT, is_key
from sync.problems import Problem

MOST_CONDITION = 600  # a key and as many values as a question has choices


@dataclass(frozen=True)
class UseForm:
    """What the list is called and where it is asked."""

    zh: str = ""
    en: str = ""
    classes: list[str] = field(default_factory=list)
    region_ids: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "UseForm":
        classes = [letter for letter in CLASSES if letter in form.getlist("classes")]
        return cls(text_of(form, "zh", MOST_LABEL), text_of(form, "en", MOST_LABEL), classes, sorted(set(form.getlist("region_ids")))[:200])

    def use(self, region_ids: set[str]) -> Use:
        """Raises `invalid`; all classes are the same as none, and so are all regions."""
        checks = FormChecks()
        zh = checks.needed("zh", self.zh)
        if not set(self.region_ids) <= region_ids:
            checks.faults["region_ids"] = "choose"
        checks.done()
        classes = [] if len(self.classes) == len(CLASSES) else self.classes
        regions = [] if set(self.region_ids) == region_ids else self.region_ids
        return Use(zh, self.en or zh, classes, regions)


@dataclass(frozen=True)
class DesignForm:
    """The whole draft as typed, and what to do with it: `save`, `publish`, `add-<kind>`, `up-<place>`, `down-<place>`, `remove-<place>`."""

    use: UseForm
    revision: int
    draft: list[DraftQuestion]
    deed: str
    place: int = -1
    kind: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str], kept: list[DraftQuestion]) -> "DesignForm":
        """`kept` is the draft of before: it knows the values of choices and the types, which the form does not repeat."""
        known = {one.key: one for one in kept}
        keys = [key for key in form.getlist("key") if is_key(key) and key in known][: MOST_QUESTIONS + 1]
        draft = [_typed(form, place, known[key]) for place, key in enumerate(dict.fromkeys(keys))]
        deed, _, rest = form.get("do", "save").partition("-")
        order = [_number(one) for one in form.get("order", "").split(",")]
        return cls(UseForm.read(form), _number(form.get("revision", "")), moved(draft, order), deed, _number(rest), rest)

    def changed(self) -> list[DraftQuestion]:
        """The draft after moving or removing a question; raises `malformed` for a deed that is none."""
        draft = list(self.draft)
        if self.deed in ("up", "down", "remove") and not 0 <= self.place < len(draft):
            raise Problem("malformed", "do")
        if self.deed == "remove":
            del draft[self.place]
        elif self.deed in ("up", "down"):
            other = self.place + (-1 if self.deed == "up" else 1)
            if 0 <= other < len(draft):
                draft[self.place], draft[other] = draft[other], draft[self.place]
        elif self.deed not in ("save", "publish") and not (self.deed == "add" and is_kind(self.kind)):
            raise Problem("malformed", "do")
        return draft


def _number(text: str) -> int:
    """A whole number, or -1 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _typed(form: MultiDict[str, str], place: int, known: DraftQuestion) -> DraftQuestion:
    name = f"q-{place}-"
    return DraftQuestion(
        known.key,
        known.type,
        text_of(form, f"{name}zh", MOST_LABEL),
        text_of(form, f"{name}en", MOST_LABEL),
        form.get(f"{name}required") == "yes",
        text_of(form, f"{name}choices", MOST_CHOICES_TEXT).replace("\r\n", "\n"),
        known.values,
        text_of(form, f"{name}lowest", 14),
        text_of(form, f"{name}highest", 14),
        text_of(form, f"{name}unit_zh", MOST_UNIT),
        text_of(form, f"{name}unit_en", MOST_UNIT),
        text_of(form, f"{name}show_if", MOST_CONDITION),
    )
