"""Lists of the console that can be exported: each is declared once, with its columns and how its rows are read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from werkzeug.datastructures import MultiDict

from server.db import db
from server.people.models import Person, Role
from server.reports.columns import Column
from sync.problems import Problem

MOST_ROWS = 100_000
READ_AT_ONCE = 1000
Asked = MultiDict[str, str]
Rows = Callable[[Person, Asked, date], Iterable[Any]]


@dataclass(frozen=True)
class ExportedList:
    """`rows` gives what the list's page would, by the same arguments and the same reach; no roles means everybody."""

    name: str
    title: Any
    columns: list[Column]
    rows: Rows
    roles: tuple[Role, ...] = ()

    def may_take(self, person: Person) -> bool:
        return not self.roles or person.holds(*self.roles)


def streamed(query: Any) -> Iterator[Any]:
    """Rows as the database gives them, never all at once; raises `too_many_rows` when there are more than a file holds."""
    for number, row in enumerate(db.session.execute(query.limit(MOST_ROWS + 1).execution_options(yield_per=READ_AT_ONCE))):
        if number == MOST_ROWS:
            raise Problem("too_many_rows", str(MOST_ROWS))
        yield row


def in_parts(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Rows some at a time, for what is looked up beside them."""
    waiting = iter(rows)
    while part := list(islice(waiting, READ_AT_ONCE)):
        yield part
