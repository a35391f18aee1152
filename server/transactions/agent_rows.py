"""Agents 代理商 by table: new ones are entered; one that is known already stays as it is."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db, held, take_turn
from server.outlets.agent_names import agents_by_name
from server.outlets.agents import MOST_NAME, MOST_PHONE, TURN
from server.outlets.models import Agent
from server.references import are_referred_to
from server.transactions.faults import RowFault
from server.transactions.kinds import AGENT_NAME, AGENT_PHONE
from server.transactions.models import TableImport
from server.transactions.office_cells import named_twice, needed_text, text_within
from server.transactions.plans import Plan, parts
from server.transactions.rows import Row
from sync.ids import uuid7
from sync.problems import Problem


class AgentLine(NamedTuple):
    row: int
    name: str
    phone: str
    is_broken: bool
    on: date | None = None


def read_agent(row: Row, _today: date) -> AgentLine | None:
    name, phone = needed_text(row, AGENT_NAME.field, MOST_NAME), row.read(AGENT_PHONE.field, text_within(MOST_PHONE)) or ""
    return AgentLine(row.number, name, phone, row.is_broken) if name else None


def plan_agents(lines: Iterable[AgentLine]) -> Plan:
    """Agents by the names that they have or had before; a known one with another phone is refused, and a retired one."""
    plan, found = Plan(), list(lines)
    known = agents_by_name()
    twice = named_twice(found, lambda line: line.name, AGENT_NAME.field, plan.faults)
    for line in found:
        if line.is_broken or line.row in twice:
            continue
        if line.name not in known:
            plan.entries.append(line)
            plan.new += 1
        elif known[line.name].retired_at is not None:
            plan.faults.append(RowFault(line.row, AGENT_NAME.field, "retired_agent", line.name, line.name))
        elif line.phone in ("", known[line.name].phone):
            plan.same += 1
        else:
            plan.faults.append(RowFault(line.row, AGENT_NAME.field, "differs", line.name, known[line.name].name))
    return plan


def write_agents(row: TableImport, plan: Plan) -> bool:
    """False when somebody made an agent of one of the names since the plan was made; nothing is written then. The caller commits."""
    take_turn(TURN)
    if agents_by_name().keys() & {line.name for line in plan.entries}:
        return False
    before = []
    for line in plan.entries:
        agent = Agent(id=uuid7(), name=line.name, phone=line.phone)
        db.session.add(agent)
        record_audit(row.at, row.by_id, "agent.imported", ("agent", agent.id), name=agent.name, import_id=row.id)
        before.append([agent.id, agent.name, agent.phone])
    row.before = before
    return True


def are_agents_untouched(row: TableImport) -> bool:
    """Whether they are as they were entered, and no outlet has one of them."""
    written = {(agent_id, name, phone) for agent_id, name, phone in row.before}
    ids = [agent_id for agent_id, _, _ in row.before]
    columns = select(Agent.id, Agent.name, Agent.phone).where(Agent.retired_at.is_(None))
    here = {tuple(one) for part in parts(ids) for one in db.session.execute(columns.where(Agent.id.in_(part)))}
    return here == written and not are_referred_to(Agent, ids)


def remove_agents(row: TableImport, by_id: str, now: datetime) -> None:
    """Take back the agents of `before`. The caller commits. Raises `stale` when somebody changed or named one of them meanwhile."""
    for agent_id in sorted(agent_id for agent_id, *_ in row.before):
        held(Agent, agent_id)
    if not are_agents_untouched(row):
        raise Problem("stale")
    for agent_id, name, _ in row.before:
        db.session.delete(db.session.get_one(Agent, agent_id))
        record_audit(now, by_id, "agent.removed", ("agent", agent_id), name=name, import_id=row.id)
