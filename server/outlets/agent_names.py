"""The names of agents 代理商: whom a name means, also one from before."""

from sqlalchemy import select

from server.db import db
from server.outlets.models import Agent, AgentNameBefore


def agent_of_name(name: str) -> Agent | None:
    """The agent that has the name, else the one that had it before. Nobody takes it away until the transaction ends."""
    has = select(Agent).where(Agent.name == name)
    had = select(Agent).join(AgentNameBefore, AgentNameBefore.agent_id == Agent.id).where(AgentNameBefore.name == name)
    for query in (has, had):
        found: Agent | None = db.session.scalar(query.with_for_update(read=True, key_share=True, of=Agent))
        if found is not None:
            return found
    return None


def agents_by_name() -> dict[str, Agent]:
    """All agents, by the names that they have and by those that they had before."""
    had = select(AgentNameBefore.name, Agent).join(Agent, Agent.id == AgentNameBefore.agent_id)
    before = {row.name: row.Agent for row in db.session.execute(had)}
    return before | {agent.name: agent for agent in db.session.scalars(select(Agent))}


def names_before(agent_id: str) -> list[str]:
    """What the agent was called before, in the order of the names."""
    return list(db.session.scalars(select(AgentNameBefore.name).where(AgentNameBefore.agent_id == agent_id).order_by(AgentNameBefore.name)))
