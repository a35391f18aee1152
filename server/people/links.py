"""Links that let in one person once: to choose a password, or into the console."""

from sqlalchemy import select

from server.clock import now
from server.db import db, held
from server.devices.models import SignInCode
from server.devices.tokens import hashed, open_code
from server.people.models import Person
from sync.problems import Problem


def opened_link(code: str, purpose: str) -> tuple[SignInCode, Person]:
    """The link's code and whose it is, both held until the commit; raises as `open_code`, and `code_expired` for somebody who has left.

    The person comes first, as where somebody leaves: two who wait for each other would wait for ever.
    """
    person = held(Person, db.session.scalar(select(SignInCode.person_id).where(SignInCode.code_hash == hashed(code))) or "")
    if person is None or not person.is_active:
        raise Problem("code_expired")
    return open_code(code, purpose, now()), person
