"""What other features add to an outlet's page and panel: a template of theirs with its values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.outlets.models import Outlet
from server.people.models import Person


@dataclass(frozen=True)
class Section:
    """`facts` and `panel` are short (head of the page, panel on the map); `page` is the long part. All include `values` as `part`.

    `field` stands beside each field of the file, with the field's name as `field`; empty parts are left out.
    """

    facts: str
    panel: str
    page: str
    values: dict[str, Any]
    field: str = ""


SectionReader = Callable[[Outlet, Person, date], Section]
section_readers: list[SectionReader] = []


def sections_of(outlet: Outlet, reader: Person, today: date) -> list[Section]:
    return [read(outlet, reader, today) for read in section_readers]
