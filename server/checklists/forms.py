"""What the designer's page sends."""

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from server.checklists.actions import Use
from server.checklists.drafts import MOST_CHOICES_TEXT, DraftQuestion, is_kind, moved
from server.console.form_checks import FormChecks, text_of
from sync.checklist import MOST_QUESTIONS, is_key
from sync.problems import Problem

CLASSES = ("A", "B", "C", "D")
MOST_WORDS = 80


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
        return cls(text_of(form, "zh", MOST_WORDS), text_of(form, "en", MOST_WORDS), classes, sorted(set(form.getlist("region_ids")))[:200])

    def use(self, region_ids: set[str]) -> Use:
        """Raises `invalid`; all four classes are the same as none, and so are all regions."""
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
        revision = form.get("revision", "")
        deed, _, rest = form.get("do", "save").partition("-")
        place = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 4 else -1
        order = [int(one) for one in form.get("order", "").split(",") if one.isascii() and one.isdigit() and len(one) < 4]
        number = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else -1
        return cls(UseForm.read(form), number, moved(draft, order), deed, place, rest)

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


def _typed(form: MultiDict[str, str], place: int, known: DraftQuestion) -> DraftQuestion:
    name = f"q-{place}-"
    return DraftQuestion(
        known.key,
        known.type,
        text_of(form, f"{name}zh", MOST_WORDS),
        text_of(form, f"{name}en", MOST_WORDS),
        form.get(f"{name}required") == "yes",
        text_of(form, f"{name}choices", MOST_CHOICES_TEXT).replace("\r\n", "\n"),
        known.values,
        text_of(form, f"{name}lowest", 14),
        text_of(form, f"{name}highest", 14),
        text_of(form, f"{name}unit_zh", 12),
        text_of(form, f"{name}unit_en", 12),
        text_of(form, f"{name}show_if", 200),
    )
