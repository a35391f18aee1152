"""The office, and what waits for it: a change, a value that lost, a record that was not taken in."""

import pytest
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.intake.models import SyncConflict
from server.people.actions import add_person, add_region
from server.people.models import Role
from tests.sync.conftest import PASSWORD, Company, Phone


@pytest.fixture
def office(app, company: Company):
    """A manager, an administrator, a payroll clerk, and a supervisor of another region."""
    with app.app_context():
        region = add_region("城西区域", now())
        db.session.flush()
        add_person("chief", "郑怀远", PASSWORD, [Role.MANAGER], [], now())
        add_person("root", "高阳", PASSWORD, [Role.ADMIN], [], now())
        add_person("payer", "何静", PASSWORD, [Role.PAYROLL], [], now())
        add_person("farboss", "韩立", PASSWORD, [Role.SUPERVISOR], [region.id], now())
        db.session.commit()


def edit(sender: Phone, outlet_id: str, **fields: tuple[object, object]) -> str:
    """Send an edit of (base, mine) by field; returns its op_id."""
    body = {"outlet_id": outlet_id, "fields": {name: {"base": base, "mine": mine} for name, (base, mine) in fields.items()}}
    op = sender.op(outlet_id, kind="edit", form="outlet_edit.v1", entity={"type": "outlet", "id": outlet_id}, blobs=[])
    sender.push(op | {"body": body})
    return op["op_id"]


@pytest.fixture
def parked(app, company: Company, office, phone: Phone) -> str:
    """The address of a change of two sensitive fields, of which somebody changed one meanwhile and the other too."""
    edit(phone, company.outlet_id, person_in_charge=("", "王秀兰"), chain_outlets=(None, 2))
    return "/waiting/changes/" + edit(phone, company.outlet_id, person_in_charge=("", "李建国"), chain_outlets=(None, 3))


@pytest.fixture
def lost(app, company: Company, office, phone: Phone) -> str:
    """The id of a phone number that was replaced."""
    edit(phone, company.outlet_id, phone=("", "13800001001"))
    edit(phone, company.outlet_id, phone=("", "13800002002"))
    with app.app_context():
        return db.session.scalars(select(SyncConflict.id).where(SyncConflict.kind == "field")).one()


@pytest.fixture
def record(app, company: Company, office, phone: Phone) -> str:
    """The address of a record whose form the server does not know."""
    op = phone.op(company.outlet_id, form="visit.v9")
    phone.push(op)
    return f"/waiting/records/{op['op_id']}"


def all_of(choice: str, **more: str) -> dict[str, str]:
    return {"choice.person_in_charge": choice, "choice.chain_outlets": choice, **more}
