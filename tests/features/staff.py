"""Everybody of the office, and a second region with a supervisor, a rep and an outlet."""

import hashlib
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from server.clock import now
from server.db import db
from server.outlets.actions import assign_outlets
from server.people.actions import add_person, add_region
from server.people.models import Role
from tests.founded import Founded
from tests.sync.conftest import PASSWORD, Company, _outlet

OFFICE = (
    ("chief", "郑怀远", Role.MANAGER),
    ("ops", "吴静", Role.OPS),
    ("root", "高阳", Role.ADMIN),
    ("payer", "孟丽", Role.PAYROLL),
    ("clerk", "唐小雨", Role.SERVICE),
)


@dataclass
class Staff:
    """Ids by login, and the outlet of the second region."""

    ids: dict[str, str]
    far_outlet_id: str


@pytest.fixture
def staff(app, company: Company, founded: Founded) -> Staff:
    made: Staff = founded.staff
    return made


def found_staff(company: Company) -> Staff:
    """Them, in the database of the application at hand."""
    at = now()
    ids = {login: add_person(login, name, PASSWORD, [role], [], at).id for login, name, role in OFFICE}
    region = add_region("城西区域", at, (30.66, 104.01))
    db.session.flush()
    ids["farboss"] = add_person("farboss", "韩磊", PASSWORD, [Role.SUPERVISOR], [region.id], at).id
    ids["farrep"] = add_person("farrep", "孙涛", PASSWORD, [Role.REP], [region.id], at).id
    outlet = _outlet("CX-1", region.id, at)
    db.session.add(outlet)
    db.session.commit()
    far_outlet_id = outlet.id
    assign_outlets([far_outlet_id], ids["farrep"], date(2026, 1, 1), ids["farboss"], at)
    ids.update(rep1=company.rep_id, rep2=company.other_rep_id, boss=company.supervisor_id)
    return Staff(ids, far_outlet_id)


def picture(colour: str = "green", kind: str = "PNG") -> bytes:
    file = BytesIO()
    Image.new("RGB", (32, 24), colour).save(file, kind)
    return file.getvalue()


def chosen_file(content: bytes | None = None, name: str = "photo.png"):
    """A file as a browser's form sends it."""
    return (BytesIO(picture() if content is None else content), name)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
