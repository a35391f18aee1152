"""What came of a rescue file, as its audit row keeps it."""

from dataclasses import asdict, dataclass, field
from typing import Any

from sync.receive import PARKED

IMPORTED = "rescue.imported"
MOST_LETTERS = 40
MOST_NAMED = 50
MOST_DRAFTS = 200


@dataclass
class RescueReport:
    """What came of a rescue file.

    `results`: operations taken in, by result code; `refused`: those kept aside, by problem code; `known`: those that were
    here before. `refused_files`: why, by hash. `missing_files` are named by its operations and have not come yet. `drafts`: the unfinished
    forms in the file, of which nothing was taken in, each with `kind`, `outlet_id` and `saved_at`.
    """

    person_id: str
    person_name: str
    made_at: str = ""
    app: str = ""
    results: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    known: int = 0
    files: int = 0
    known_files: int = 0
    refused_files: dict[str, str] = field(default_factory=dict)
    missing_files: int = 0
    drafts: list[dict[str, str]] = field(default_factory=list)
    import_id: str = ""

    @property
    def is_unchanged(self) -> bool:
        """Whether the file brought nothing that was not here."""
        return not self.results and not self.refused and not self.files

    @property
    def only_unfinished(self) -> bool:
        """Whether there was nothing in the file but unfinished forms."""
        return bool(self.drafts) and self.is_unchanged and not self.known and not self.known_files

    @property
    def new(self) -> int:
        """Operations taken in that were not here and wait for nobody."""
        return sum(count for code, count in self.results.items() if code != PARKED)

    @property
    def parked(self) -> int:
        return self.results.get(PARKED, 0)

    @property
    def kept_aside(self) -> int:
        return sum(self.refused.values())

    @property
    def named_refusals(self) -> list[tuple[str, str]]:
        """The first of the refused files, as (hash, why)."""
        return sorted(self.refused_files.items())[:MOST_NAMED]

    @property
    def more_refusals(self) -> int:
        return max(0, len(self.refused_files) - MOST_NAMED)

    def count(self, code: str, problem_code: str | None) -> None:
        """One more operation, taken in or (with a problem code) kept aside."""
        into, key = (self.results, code) if problem_code is None else (self.refused, problem_code)
        into[key] = into.get(key, 0) + 1

    def kept(self) -> dict[str, Any]:
        """The detail of the audit row, which says by itself whose file it was."""
        detail = {name: value for name, value in asdict(self).items() if name not in ("person_id", "person_name", "import_id")}
        return {**detail, "made_at": self.made_at[:MOST_LETTERS], "app": self.app[:MOST_LETTERS]}
