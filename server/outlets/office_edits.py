"""Corrections of an outlet's file by the office."""

from datetime import datetime
from typing import Any

from server.audit.actions import record_audit
from server.db import db
from server.outlets.agent_names import agent_of_name
from server.outlets.edits import merge_edits
from server.outlets.fields import FIELDS, Writer
from server.outlets.models import Outlet
from sync.outlet_form import FieldEdit
from sync.problems import Problem


def correct_file(outlet_id: str, edits: dict[str, FieldEdit], by_id: str, now: datetime) -> int:
    """Write what was changed, and the class anew; returns how many fields came to say something else. Commits.

    Raises `stale` with the fields (`changed_since`) that somebody gave another value in the meantime, and `invalid` for a retired agent whom the
    outlet does not have; then nothing is written.
    """
    outlet = db.session.get_one(Outlet, outlet_id, with_for_update=True)
    if outlet.removed_at is not None:
        raise Problem("not_found", f"outlet {outlet_id}")
    before = _told(outlet, edits)
    changed_since = {name: "changed_since" for name, edit in edits.items() if before[name] not in (edit.base, edit.mine)}
    if changed_since:
        raise Problem("stale", f"outlet {outlet_id}", fields=changed_since)
    if "agent_name" in edits:
        _refuse_retired(outlet, edits["agent_name"].mine)
    changed = merge_edits(outlet, edits, Writer(by_id, now)).changed
    if changed:
        db.session.flush()
        after = _told(outlet, edits)
        names = sorted(name for name in edits if before[name] != after[name])
        record_audit(now, by_id, "outlet.edited", ("outlet", outlet_id), fields=names, before=before, after=after)
    db.session.commit()
    return changed


def _refuse_retired(outlet: Outlet, agent_name: str) -> None:
    agent = agent_of_name(agent_name)
    if agent is not None and agent.retired_at is not None and agent.id != outlet.agent_id:
        raise Problem("invalid", fields={"agent_name": "retired_agent"})


def _told(outlet: Outlet, edits: dict[str, FieldEdit]) -> dict[str, Any]:
    return {name: FIELDS[name].read(outlet) for name in edits} | {"outlet_class": outlet.outlet_class}
