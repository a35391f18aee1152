"""The server's rows on a phone: the replica, always disposable, as in `pwa/db/replica.js`.

Every public method that writes is one transaction: `edge` is called before and after it, as in the capture store.
"""

import copy
from dataclasses import dataclass, field
from typing import Any

from sync.digests import AGAIN_AT_ONCE, Digest, row_hash
from sync.phone_store import Edge, no_edge


@dataclass
class Row:
    scope: str
    v: int
    doc: dict[str, Any]
    generation: int


@dataclass
class ReplicaStore:
    """The server's rows as far as this phone holds them, and where pulling stands."""

    edge: Edge = no_edge
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    scopes: set[str] = field(default_factory=set)
    cursor: str | None = None
    page: str | None = None
    generation: int = 1
    is_resyncing: bool = False
    again: list[str] = field(default_factory=list)
    begun: tuple[str, int] | None = None
    applied: tuple[str, int] | None = None

    def copy(self) -> "ReplicaStore":
        twin = copy.copy(self)
        twin.rows, twin.scopes, twin.again = copy.deepcopy(self.rows), set(self.scopes), list(self.again)
        return twin

    def apply_page(self, answer: dict[str, Any], asked: tuple[str | None, str | None], client_id: str) -> bool:
        """Apply one page and move on, in one transaction; a page that is not the one awaited is left alone."""
        self.edge("page")
        if asked != (self.cursor, self.page):
            return False
        if self.page is None:
            self.begun = (client_id, answer["last_n"])
        for event in answer["events"]:
            self._apply(event)
        if "page" in answer:
            self.page = answer["page"]
        else:
            self._finish(answer["cursor"])
        self.edge("page_applied")
        return True

    def _finish(self, cursor: str) -> None:
        if self.is_resyncing:
            self.rows = {key: row for key, row in self.rows.items() if row.generation >= self.generation}
            self.again = []
        self.again = self.again[AGAIN_AT_ONCE:]
        self.cursor, self.page, self.is_resyncing = cursor, None, False
        self.applied, self.begun = self.begun, None

    def _apply(self, event: dict[str, Any]) -> None:
        kind = event["e"]
        if kind == "put":
            self.rows[event["type"], event["id"]] = Row(event["scope"], event["v"], event["doc"], self.generation)
        elif kind == "del":
            self._delete(event)
        elif kind == "reset":
            self.generation += 1
            self.is_resyncing, self.scopes = True, set()
        else:
            self._empty(event["scope"])
            self.scopes = self.scopes | {event["scope"]} if kind == "begin" else self.scopes - {event["scope"]}

    def _delete(self, event: dict[str, Any]) -> None:
        """An entity that has moved on to another scope is none of this scope's business any more."""
        row = self.rows.get((event["type"], event["id"]))
        if row is not None and row.scope == event["scope"]:
            del self.rows[event["type"], event["id"]]

    def _empty(self, scope: str) -> None:
        self.rows = {key: row for key, row in self.rows.items() if row.scope != scope}

    def restart_pull(self) -> None:
        """Ask for everything again; the old rows stay until the last page is in."""
        self.edge("restart_pull")
        self._begin_from_nothing()

    def restart_page(self) -> None:
        """Begin the pull under way again from its cursor; what the first pull of all brought may be somebody else's by now.

        It asks for no scope anew, which may be what the server could not read: the next comparison finds those again.
        """
        self.edge("restart_page")
        self.page, self.again = None, []
        if self.cursor is None:
            self._begin_from_nothing()

    def _begin_from_nothing(self) -> None:
        self.cursor = self.page = None
        self.generation += 1
        self.is_resyncing, self.scopes, self.again = True, set(), []

    def ask_again(self, scopes: list[str]) -> None:
        """These scopes are held wrongly: the next pulls bring them anew, AGAIN_AT_ONCE each."""
        self.edge("ask_again")
        self.again = scopes

    def digests(self) -> dict[str, dict[str, Any]]:
        """Count and XOR of every scope held, also of the empty ones."""
        found = {scope: Digest() for scope in self.scopes}
        for (kind, entity), row in self.rows.items():
            found[row.scope] = found.get(row.scope, Digest()).with_row(row_hash(kind, entity, row.v))
        return {scope: {"count": digest.count, "xor": digest.xor} for scope, digest in found.items()}
