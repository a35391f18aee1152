"""The names of agents 代理商: whom a name means, also one from before, and which ones somebody is shown."""

from datetime import date

from sqlalchemy import ColumnElement, select

from server.db import db
from server.outlets.models import Agent, AgentNameBefore, Outlet
from server.outlets.queries import is_visible
from server.people.access import sees_whole_company
from server.people.models import Person, Role

MOST_OFFERED = 200


def agent_of_name(name: str) -> Agent | None:
    """The agent that has the name, else the one that had it before. Nobody takes it away until the transaction ends."""
    has = select(Agent).where(Agent.name == name)
    had = select(Agent).join(AgentNameBefore, AgentNameBefore.agent_id == Agent.id).where(AgentNameBefore.name == name)
    for query in (has, had, had):  # one that is joined meanwhile is gone once it was waited for, and its names are another's
        found: Agent | None = db.session.scalar(query.with_for_update(read=True, key_share=True, of=Agent))
        if found is not None:
            return found
    return None


def agents_by_name() -> dict[str, Agent]:
    """All agents, by the names that they have and by those that they had before."""
    had = select(AgentNameBefore.name, Agent).join(Agent, Agent.id == AgentNameBefore.agent_id)
    before = {row.name: row.Agent for row in db.session.execute(had)}
    return before | {agent.name: agent for agent in db.session.scalars(select(Agent))}


def present_name(name: str) -> str:
    """What the agent is called now that had the name before; any other name as it is."""
    query = select(Agent.name).join(AgentNameBefore, AgentNameBefore.agent_id == Agent.id).where(AgentNameBefore.name == name)
    return db.session.scalar(query) or name


def present_id(agent_id: str | None) -> str | None:
    """The agent into which this one was joined; the agent itself where it is still there."""
    return db.session.scalar(select(AgentNameBefore.agent_id).where(AgentNameBefore.was_id == agent_id)) or agent_id


def names_before(agent_id: str) -> list[str]:
    """What the agent was called before, in the order of the names."""
    return list(db.session.scalars(select(AgentNameBefore.name).where(AgentNameBefore.agent_id == agent_id).order_by(AgentNameBefore.name)))


def agent_name(reader: Person, agent_id: str, today: date) -> str:
    """Empty where there is none, or none that an outlet within reach has; administrators keep them all."""
    query = select(Agent.name).where(Agent.id == agent_id)
    if not reader.holds(Role.ADMIN):
        query = query.where(_is_within_reach(reader, today))
    return db.session.scalar(query) or ""


def offered_agents(reader: Person, today: date) -> list[str]:
    """The first `MOST_OFFERED` names of those in use: of all for whoever sees the whole company, else of those that an outlet within reach has."""
    query = select(Agent.name).where(Agent.retired_at.is_(None))
    if not sees_whole_company(reader):
        query = query.where(_is_within_reach(reader, today))
    return list(db.session.scalars(query.order_by(Agent.name).limit(MOST_OFFERED)))


def _is_within_reach(reader: Person, today: date) -> ColumnElement[bool]:
    return select(Outlet.id).where(Outlet.agent_id == Agent.id, is_visible(reader, today)).exists()
