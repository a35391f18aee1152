"""All rows of a database in a form that two runs of the same work share.

Ids and hashes that were there before the night stay as they are. One that the night made up is written as what it stands for (a finding
by its source key, a sheet by person and month) or, where nothing rests on it, as new. Left out: the runs' own log, random nonces, and what is
a hash over ids (`seal`, `content_sha256`): that those are right is shown by `verify_month` and by another night that changes nothing.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from server.db import db

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
SHA256 = re.compile(r"\b[0-9a-f]{64}\b")
LEFT_OUT = {"nightly_run", "sync_commit", "sync_clock"}
NOT_COMPARED = {("wage_sheet", "content_sha256"), ("wage_sheet", "seal"), ("wage_month", "seal")}
NAMED_BY = {
    "finding": ("source_key",),
    "wage_sheet": ("person_id", "month"),
    "callback": ("source_key",),
    "churn_case": ("outlet_id", "month"),
}
Rows = dict[str, Counter[str]]


@dataclass(frozen=True)
class Before:
    """The ids and hashes that a database held before the night."""

    known: frozenset[str]

    def rows(self, with_numbers: bool = True) -> Rows:
        """Table → its rows as texts; `with_numbers` keeps the number of the commit on feed rows."""
        found, names = _read(), {}
        for table, columns in NAMED_BY.items():
            names |= {row["id"]: f"{table} {' '.join(row[column] for column in columns)}" for row in found[table]}
        dropped = NOT_COMPARED | (set() if with_numbers else {("sync_feed", "seq"), ("scope_member", "granted_seq"), ("scope_member", "revoked_seq")})
        return {
            table: Counter(self._text({name: value for name, value in row.items() if (table, name) not in dropped}, names) for row in rows)
            for table, rows in found.items()
        }

    def _text(self, row: dict[str, Any], names: dict[str, str]) -> str:
        text = UUID.sub(lambda found: found[0] if found[0] in self.known else names.get(found[0], "a new id"), repr(sorted(row.items())))
        return SHA256.sub(lambda found: found[0] if found[0] in self.known else "a new hash", text)


def before_the_night() -> Before:
    text = repr(_read())
    return Before(frozenset(UUID.findall(text)) | frozenset(SHA256.findall(text)))


def _read() -> dict[str, list[dict[str, Any]]]:
    tables = [table for table in db.metadata.sorted_tables if table.name not in LEFT_OUT]
    return {table.name: [dict(row._mapping) for row in db.session.execute(select(table))] for table in tables}


def differences(wanted: Rows, found: Rows) -> list[str]:
    """A line for every row that only one of the two has."""
    lines = []
    for table in sorted({*wanted, *found}):
        missing, extra = wanted.get(table, Counter()) - found.get(table, Counter()), found.get(table, Counter()) - wanted.get(table, Counter())
        lines += [f"- {table}: {row}" for row in missing.elements()] + [f"+ {table}: {row}" for row in extra.elements()]
    return lines
