"""Links that let in one person once: to choose a password, or into the console."""

from server.clock import now
from server.db import db
from server.devices.models import SignInCode
from server.devices.tokens import open_code
from server.people.models import Person
from sync.problems import Problem


def opened_link(code: str, purpose: str) -> tuple[SignInCode, Person]:
    """The link's code, held until the commit, and whose it is; raises as `open_code`, and `code_expired` for somebody who has left."""
    row = open_code(code, purpose, now())
    person = db.session.get_one(Person, row.person_id)
    if not person.is_active:
        raise Problem("code_expired")
    return row, person
