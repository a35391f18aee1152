"""What the form for a table sends."""

from dataclasses import dataclass
from pathlib import PurePath

from werkzeug.datastructures import FileStorage, MultiDict

from server.transactions.faults import TableFault
from server.transactions.kinds import KINDS
from sync.problems import Problem

NAME_LETTERS = 200


@dataclass(frozen=True)
class UploadForm:
    """A table that was chosen, and what it is said to hold."""

    kind: str
    file: FileStorage

    @classmethod
    def read(cls, form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> "UploadForm":
        """Raises `invalid` when no kind was chosen, TableFault `required` when no file was."""
        kind, file = form.get("kind", ""), files.get("file")
        if kind not in KINDS:
            raise Problem("invalid", fields={"kind": "choose"})
        if file is None or not file.filename:
            raise TableFault("required")
        return cls(kind, file)

    @property
    def file_name(self) -> str:
        """The name without folders and control characters."""
        name = PurePath((self.file.filename or "").replace("\\", "/")).name
        return "".join(letter for letter in name if letter.isprintable())[:NAME_LETTERS]
