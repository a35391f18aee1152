"""The agents as their list names them by its filter; the page and its file read the same."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from server.console.counting import rows_up_to
from server.console.paging import after_key, cut, one_page
from server.db import db
from server.outlets.models import Agent, AgentNameBefore, Outlet

SHOWS = ("active", "retired", "all")


@dataclass(frozen=True)
class AgentFilter:
    """`show` is active, retired, or all. `q` looks in names, also those from before, and phones."""

    q: str
    show: str

    @property
    def is_set(self) -> bool:
        return bool(self.q or self.show != SHOWS[0])


@dataclass(frozen=True)
class AgentPage:
    """`rows` of (Agent, outlets, is_active); `count` is of all pages, or one more than `MOST_LISTED`."""

    rows: list[Any]
    count: int
    next_key: str | None


def read_agent_filter(asked: MultiDict[str, str]) -> AgentFilter:
    show = asked.get("show", "")
    return AgentFilter(asked.get("q", "").strip()[:60], show if show in SHOWS else SHOWS[0])


def agent_page(chosen: AgentFilter, after: str) -> AgentPage:
    """A page of agents, by name."""
    query = listed_agents(chosen)
    count = db.session.scalar(select(rows_up_to(query))) or 0
    rows, next_key = cut(list(db.session.execute(one_page(query, [Agent.name], after_key(after, str)))), lambda row: [row.Agent.name])
    return AgentPage(rows, count, next_key)


def listed_agents(chosen: AgentFilter) -> Any:
    """A select of the agents that the filter names, each with the number of its `outlets` and whether it `is_active`."""
    counted = select(Outlet.agent_id, func.count().label("outlets")).where(Outlet.removed_at.is_(None)).group_by(Outlet.agent_id).subquery()
    columns = (func.coalesce(counted.c.outlets, 0).label("outlets"), Agent.retired_at.is_(None).label("is_active"))
    query = select(Agent, *columns).outerjoin(counted, counted.c.agent_id == Agent.id)
    if chosen.show != "all":
        query = query.where(Agent.retired_at.is_(None) if chosen.show == "active" else Agent.retired_at.is_not(None))
    for word in chosen.q.split()[:5]:
        had_before = Agent.id.in_(select(AgentNameBefore.agent_id).where(AgentNameBefore.name.icontains(word, autoescape=True)))
        query = query.where(Agent.name.icontains(word, autoescape=True) | Agent.phone.icontains(word, autoescape=True) | had_before)
    return query
