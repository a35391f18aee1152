"""What forms send, turned into values: every fault of a form is found before any is told."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from werkzeug.datastructures import FileStorage, MultiDict

from server.console.paging import PAGE_ROWS
from server.media.pictures import NoPicture, keep_picture
from sync.problems import Problem

MOST_LETTERS = 2000
SHORT = 60
LONG_AGO = timedelta(days=60)


def text_of(form: MultiDict[str, str], name: str, most: int = MOST_LETTERS) -> str:
    """The field without blanks around it, cut to `most` letters."""
    return form.get(name, "").strip()[:most]


def ticked_ids(form: MultiDict[str, str], name: str) -> list[str]:
    """What was ticked on a page of a list, each once and in its order; raises `invalid` with the name for more than a page holds."""
    ids = list(dict.fromkeys(form.getlist(name)))
    if len(ids) > PAGE_ROWS:
        raise Problem("invalid", f"{name}s")
    return ids


@dataclass
class FormChecks:
    """Fields at fault, each with a code of `fault_words`; what could not be read is given as the value that follows."""

    faults: dict[str, str] = field(default_factory=dict)

    def needed(self, name: str, text: str) -> str:
        if not text:
            self.faults[name] = "required"
        return text

    def one_of(self, name: str, text: str, choices: tuple[str, ...]) -> str:
        if text not in choices:
            self.faults[name] = "choose"
        return text

    def day(self, name: str, text: str, earliest: date | None, latest: date | None) -> date:
        """A day from `earliest` up to `latest`, both included."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.faults[name] = "not_a_date"
            return date.min
        if latest is not None and day > latest:
            self.faults[name] = "too_late_a_day"
        elif earliest is not None and day < earliest:
            self.faults[name] = "too_early_a_day"
        return day

    def recent_day(self, name: str, text: str, today: date, anyway: str) -> date:
        """A day up to today. One that is more than 60 days back, such as of a month typed wrong, is asked about once more: it has the
        fault `anyway` until that names this very day."""
        day = self.day(name, text, None, today)
        if name not in self.faults and day < today - LONG_AGO and anyway != text:
            self.faults["anyway"] = "long_ago"
        return day

    def count(self, name: str, text: str, most: int) -> int:
        """A whole number from 0 to `most`."""
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
            self.faults[name] = "not_a_count"
            return 0
        return int(text)

    def picture(self, name: str, file: FileStorage | None, now: datetime) -> str:
        """The hash of the picture that was chosen; it is kept only when nothing else is at fault."""
        if file is None or not file.filename:
            self.faults[name] = "no_file"
        elif not self.faults:
            try:
                return keep_picture(file, now)
            except NoPicture as fault:
                self.faults[name] = fault.code
        return ""

    def done(self) -> None:
        """Raises `invalid` with the fields at fault, if any."""
        if self.faults:
            raise Problem("invalid", fields=self.faults)
