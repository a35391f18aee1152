"""Bugs on purpose in outlet files and visits."""

from typing import Any

import server.intake.push as push_module
import server.outlets.actions as outlet_actions
import server.outlets.duplicates as duplicates_module
import server.outlets.edits as edits_module
import server.visits.intake as visit_intake
from server.outlets.fields import FIELDS
from sync.receive import Outcome as Verdict
from tests.faults.planted.patching import Bug, Patch


def collision_overwrites_silently(patch: Patch) -> None:
    """The later edit wins and nobody keeps the other value."""
    merge = edits_module.merge_edits

    def rude(outlet: Any, edits: Any, writer: Any) -> Any:
        return merge(outlet, {name: type(edit)(base=FIELDS[name].read(outlet), mine=edit.mine) for name, edit in edits.items()}, writer)

    import server.outlets.intake as outlet_intake

    patch(outlet_intake, "merge_edits", rude)


def parked_value_is_lost(patch: Patch) -> None:
    """What waits for a supervisor is not kept."""
    patch(push_module, "keep_collisions", lambda *_args: None)


def visit_of_a_lost_outlet_is_refused(patch: Patch) -> None:
    """A visit made while the outlet was the author's is thrown out."""
    apply = visit_intake.apply_visit

    def strict(sent: Any) -> Verdict:
        return apply(sent) if sent.holds_scope else Verdict("quarantined", None)

    from server.intake.registry import APPLIERS

    APPLIERS["visit.v3"] = strict


def no_alias_after_a_merge(patch: Patch) -> None:
    """Records for an outlet that was merged stay with the one that is gone."""
    patch(visit_intake, "kept_outlet_id", lambda outlet_id: outlet_id)
    patch(push_module, "kept_outlet_id", lambda outlet_id: outlet_id)


def merge_forgets_the_visits(patch: Patch) -> None:
    """The visits of a merged outlet stay behind."""
    patch(duplicates_module, "movers", [])


def scope_kept_after_reassignment(patch: Patch) -> None:
    """Whoever loses an outlet keeps its scope."""
    patch(outlet_actions, "revoke", lambda *_args: None)


BUGS: tuple[Bug, ...] = (
    collision_overwrites_silently,
    parked_value_is_lost,
    visit_of_a_lost_outlet_is_refused,
    no_alias_after_a_merge,
    merge_forgets_the_visits,
    scope_kept_after_reassignment,
)
