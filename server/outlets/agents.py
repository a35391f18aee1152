"""Agents 代理商 by their names, as outlet files name them: new ones, other names, and those that are retired."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError

from server.audit.actions import record_audit
from server.db import db, held, take_turn
from server.feed.clock import touch_all, upsert
from server.outlets.agent_names import agent_of_name
from server.outlets.models import Agent, AgentNameBefore, Outlet
from sync.ids import uuid7
from sync.problems import Problem

NAMED = "agent.named"
MOST_NAME, MOST_PHONE = 120, 40
TURN = "agents"


@dataclass(frozen=True)
class AgentFile:
    name: str
    phone: str


def agent_named(name: str, outlet_id: str, by_id: str, now: datetime) -> str:
    """The id of the agent that has this name or had it before, also of a retired one: who was at the shop knows best. One that the company
    does not know yet is new, and noted. The caller commits.

    Nobody takes the agent away until the transaction ends, as undoing an import of agents would.
    """
    known = agent_of_name(name)
    if known is not None:
        return known.id
    new_id = uuid7()
    row = upsert(Agent).values(id=new_id, name=name, phone="")
    over = row.on_conflict_do_update(index_elements=["name"], set_={"name": row.excluded.name})  # another made it meanwhile: then its id
    agent_id: str = db.session.execute(over.returning(Agent.id)).scalar_one()
    if agent_id == new_id:
        record_audit(now, by_id, NAMED, ("agent", agent_id), name=name, outlet_id=outlet_id)
    return agent_id


def add_agent(file: AgentFile, by_id: str, now: datetime) -> Agent:
    """The caller commits. Raises `invalid` for a name that is taken, was that of another before, or none."""
    take_turn(TURN)
    _check(file, "")
    agent = Agent(id=uuid7(), name=file.name, phone=file.phone)
    db.session.add(agent)
    _write_name()
    record_audit(now, by_id, "agent.added", ("agent", agent.id), name=agent.name)
    return agent


def change_agent(agent_id: str, file: AgentFile, by_id: str, now: datetime) -> None:
    """Give an agent another name or phone; phones hear of the name with its outlets, and may say the old one on.

    The same again changes nothing. The caller commits. Raises `not_found`, and `invalid` as `add_agent`.
    """
    take_turn(TURN)
    agent = _held_agent(agent_id)
    _check(file, agent.id)
    before = {"name": agent.name, "phone": agent.phone}
    after = {"name": file.name, "phone": file.phone}
    if before == after:
        return
    agent.name, agent.phone = file.name, file.phone
    _write_name()
    record_audit(now, by_id, "agent.changed", ("agent", agent.id), before=before, after=after)
    if before["name"] != after["name"]:
        _keep_name_before(agent, before["name"])
        _tell_phones(agent.id)


def retire_agent(agent_id: str, is_retired: bool, by_id: str, now: datetime) -> None:
    """Offer the agent no more, or again; the same again changes nothing. The caller commits. Raises `not_found`."""
    agent = _held_agent(agent_id)
    if (agent.retired_at is not None) == is_retired:
        return
    agent.retired_at = now if is_retired else None
    record_audit(now, by_id, "agent.retired" if is_retired else "agent.taken_back", ("agent", agent.id), name=agent.name)
    _tell_phones(agent.id)


def join_agents(agent_id: str, into: str, by_id: str, now: datetime) -> Agent:
    """Give the outlets and the names of an agent to the one that is called `into`, and the phone if that has none, and take it away;
    returns that one. The caller commits.

    Raises `not_found` for an agent that is gone, `invalid` when there is none in use that is called so, or it is the same one.
    """
    take_turn(TURN)
    db.session.execute(_outlets_of(agent_id).order_by(Outlet.id).with_for_update(key_share=True)).all()
    gone, kept = _held_pair(agent_id, into)
    kept.phone = kept.phone or gone.phone
    outlets = list(db.session.scalars(select(Outlet).where(Outlet.agent_id == gone.id)))
    for outlet in outlets:
        outlet.agent_id = kept.id
    had = update(AgentNameBefore).where(AgentNameBefore.agent_id == gone.id).values(agent_id=kept.id)
    db.session.execute(had.execution_options(synchronize_session=False))
    db.session.add(AgentNameBefore(name=gone.name, agent_id=kept.id, was_id=gone.id))
    before = {"id": gone.id, "name": gone.name, "phone": gone.phone}
    record_audit(now, by_id, "agent.joined", ("agent", kept.id), before=before, outlets=sum(one.removed_at is None for one in outlets))
    db.session.flush()
    db.session.delete(gone)
    return kept


def _held_pair(agent_id: str, into: str) -> tuple[Agent, Agent]:
    """Both agents, held in the order of their ids, so that no two wait for each other."""
    into_id = db.session.scalar(select(Agent.id).where(Agent.name == into))
    if into_id is None or into_id == agent_id:
        raise Problem("invalid", fields={"into": "the_same_agent" if into_id else "no_agent"})
    found = {one: _held_agent(one) for one in sorted((agent_id, into_id))}
    if found[into_id].retired_at is not None:
        raise Problem("invalid", fields={"into": "retired_agent"})
    return found[agent_id], found[into_id]


def _outlets_of(agent_id: str) -> Select[str]:
    return select(Outlet.id).where(Outlet.agent_id == agent_id)


def _write_name() -> None:
    """A phone that names a new agent waits for no turn, and may have been faster."""
    try:
        db.session.flush()
    except IntegrityError as fault:
        raise Problem("invalid", fields={"name": "taken"}) from fault


def _keep_name_before(agent: Agent, name: str) -> None:
    """What it is called again now is no name before any more."""
    own_again = db.session.get(AgentNameBefore, agent.name)
    if own_again is not None:
        db.session.delete(own_again)
    db.session.add(AgentNameBefore(name=name, agent_id=agent.id))


def _tell_phones(agent_id: str) -> None:
    touch_all(db.session, "outlet", _outlets_of(agent_id))


def _held_agent(agent_id: str) -> Agent:
    agent = held(Agent, agent_id)
    if agent is None:
        raise Problem("not_found", f"agent {agent_id}")
    return agent


def _check(file: AgentFile, own_id: str) -> None:
    faults = {}
    if not 0 < len(file.name) <= MOST_NAME:
        faults["name"] = "required" if not file.name else "long_name"
    if len(file.phone) > MOST_PHONE:
        faults["phone"] = "too_long"
    other = db.session.scalar(select(Agent).where(Agent.name == file.name, Agent.id != own_id))
    if other is not None:
        faults["name"] = "taken" if other.retired_at is None else "taken_retired"
    before = db.session.get(AgentNameBefore, file.name)
    if before is not None and before.agent_id != own_id:
        faults["name"] = "name_before"
    if faults:
        raise Problem("invalid", fields=faults)
