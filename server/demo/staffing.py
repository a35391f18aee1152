"""Who came and left at the demo company, and a table that its administrator imported."""

from datetime import datetime
from io import BytesIO

from sqlalchemy import select

from server.db import db
from server.demo.founding import FIRST_DAY
from server.demo.office import Office, at
from server.domain.months import Month
from server.people.files import PersonFile, open_account
from server.people.models import Person, Role
from server.staff.leaving import end_employment
from server.transactions.actions import check_upload, import_checked
from server.transactions.kinds import AGENTS

FORMER = ("ops2", "贺文清")
NEW_AGENTS = "代理商,电话\n蓉北通信服务部,028-00004401\n锦江便民超市,028-00004402\n"


def add_staff_history(office: Office) -> None:
    """Everybody's first day, and a clerk of ops who left at the end of the month before. Commits."""
    admin_id = _admin_id()
    last_day = Month.of_date(office.today).previous().last_day
    for person in db.session.scalars(select(Person)):
        person.starts_on = FIRST_DAY
    login, name = FORMER
    former = open_account(login, PersonFile(name, (Role.OPS,), (), "zh", FIRST_DAY), admin_id, at(FIRST_DAY))
    end_employment(former.id, last_day, None, admin_id, at(last_day, 18))
    db.session.commit()


def import_agents(now: datetime) -> None:
    """Two agents by table, checked first. Commits."""
    admin_id = _admin_id()
    kept = check_upload(AGENTS, "新代理商.csv", BytesIO(NEW_AGENTS.encode()), admin_id, now)
    import_checked(kept.id, False, admin_id, now)


def _admin_id() -> str:
    return db.session.scalars(select(Person.id).where(Person.login == "admin")).one()
