"""What the office enters by table besides accounts and transactions: how each kind is read, planned, written, and taken back."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from server.transactions import agent_rows, assignment_rows, outlet_rows, people_rows
from server.transactions.kinds import AGENTS, ASSIGNMENTS, OUTLETS, PEOPLE
from server.transactions.models import TableImport
from server.transactions.plans import Plan
from server.transactions.rows import Row

# a row's line, or None for a row that cannot be taken; nothing is looked up yet
OFFICE_READERS: dict[str, Callable[[Row, date], Any]] = {
    PEOPLE: people_rows.read_person,
    AGENTS: agent_rows.read_agent,
    OUTLETS: outlet_rows.read_outlet,
    ASSIGNMENTS: assignment_rows.read_assignment,
}
# lines held against what is stored; nothing is written
OFFICE_PLANS: dict[str, Callable[[Iterable[Any]], Plan]] = {
    PEOPLE: people_rows.plan_people,
    AGENTS: agent_rows.plan_agents,
    OUTLETS: outlet_rows.plan_outlets,
    ASSIGNMENTS: assignment_rows.plan_assignments,
}
# in the caller's transaction; False when others were faster, and the next check says so
OFFICE_WRITERS: dict[str, Callable[[TableImport, Plan], bool]] = {
    PEOPLE: people_rows.write_people,
    AGENTS: agent_rows.write_agents,
    OUTLETS: outlet_rows.write_outlets,
    ASSIGNMENTS: assignment_rows.write_assignments,
}
# whether all that an import wrote stands as it was written, and nothing depends on it
OFFICE_STANDINGS: dict[str, Callable[[TableImport], bool]] = {
    PEOPLE: people_rows.are_people_untouched,
    AGENTS: agent_rows.are_agents_untouched,
    OUTLETS: outlet_rows.are_outlets_untouched,
    ASSIGNMENTS: assignment_rows.are_assignments_untouched,
}
# in the caller's transaction, for an import that is untouched
OFFICE_RESTORERS: dict[str, Callable[[TableImport, str, datetime], None]] = {
    PEOPLE: people_rows.remove_people,
    AGENTS: agent_rows.remove_agents,
    OUTLETS: outlet_rows.remove_outlets,
    ASSIGNMENTS: assignment_rows.restore_assignments,
}
