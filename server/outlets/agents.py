"""Agents 代理商 by their names, as outlet files name them."""

from datetime import datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.feed.clock import upsert
from server.outlets.models import Agent
from sync.ids import uuid7

NAMED = "agent.named"


def agent_named(name: str, outlet_id: str, by_id: str, now: datetime) -> str:
    """The id of the agent of this name; one that the company does not know yet is new, and noted. The caller commits.

    Nobody takes the agent away until the transaction ends, as undoing an import of agents would.
    """
    known = db.session.scalar(select(Agent.id).where(Agent.name == name).with_for_update(read=True, key_share=True))
    if known is not None:
        return known
    new_id = uuid7()
    row = upsert(Agent).values(id=new_id, name=name, phone="")
    over = row.on_conflict_do_update(index_elements=["name"], set_={"name": row.excluded.name})  # another made it meanwhile: then its id
    agent_id: str = db.session.execute(over.returning(Agent.id)).scalar_one()
    if agent_id == new_id:
        record_audit(now, by_id, NAMED, ("agent", agent_id), name=name, outlet_id=outlet_id)
    return agent_id
