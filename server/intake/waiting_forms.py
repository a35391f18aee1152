"""What the forms on waiting changes send: per field a choice and, when it is edited, a text."""

import json
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from server.outlets.typed_fields import typed_value
from sync.problems import Problem

MOST_LETTERS = 2000
TAKE, EDIT, LEAVE = "take", "edit", "leave"


@dataclass(frozen=True)
class ChangeForm:
    """`choices` and `texts` by field."""

    choices: dict[str, str]
    texts: dict[str, str]
    reason: str

    @classmethod
    def read(cls, form: MultiDict[str, str], fields: list[str]) -> "ChangeForm":
        choices = {name: form.get(f"choice.{name}", "") for name in fields}
        texts = {name: form.get(f"text.{name}", "").strip()[:MOST_LETTERS] for name in fields}
        return cls(choices, texts, form.get("reason", "").strip()[:MOST_LETTERS])

    def values(self, sent: dict[str, str]) -> dict[str, Any]:
        """The values to write, by field; `sent` holds those of the phone as JSON texts. Raises `invalid` with the fields at fault."""
        open_fields = [name for name, choice in self.choices.items() if choice not in (TAKE, EDIT, LEAVE)]
        if open_fields:
            raise Problem("invalid", fields=dict.fromkeys(open_fields, "choice"))
        taken = {name: json.loads(sent[name]) for name, choice in self.choices.items() if choice == TAKE}
        return taken | {name: typed_value(name, self.texts[name]) for name, choice in self.choices.items() if choice == EDIT}
