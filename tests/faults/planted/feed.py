"""Bugs on purpose in the feed and its pages."""

from typing import Any

import msgspec

import server.feed.cursor as cursor_module
import server.feed.pull as pull_module
import server.intake.routes as routes_module
import server.visits.verdicts as verdicts_module
from tests.faults.planted.patching import Bug, Patch, without_second_look


def tie_in_paging(patch: Patch) -> None:
    """A page goes on behind the number of its last row, not behind the row."""
    rows = pull_module._rows

    def hasty(scopes: Any, reading: Any, after: Any, is_snapshot: bool) -> Any:
        return rows(scopes, reading._replace(since=max(reading.since, after[0])) if after else reading, None, is_snapshot)

    patch(pull_module, "_rows", hasty)


def tombstone_ignored(patch: Patch) -> None:
    """What was removed stays on phones."""
    event = pull_module._event

    def deaf(kind: str, entity: str, scope: str, seq: int, is_deleted: bool, doc: Any, is_snapshot: bool) -> Any:
        return None if is_deleted else event(kind, entity, scope, seq, is_deleted, doc, is_snapshot)

    patch(pull_module, "_event", deaf)


def upper_bound_moves(patch: Patch) -> None:
    """Every page takes the newest number as its bound; the cursor is that of the last page."""
    mark_of = pull_module.page_mark

    def moving(text: str, state: Any) -> Any:
        return msgspec.structs.replace(mark_of(text, state), until=state.seq)

    patch(pull_module, "page_mark", moving)


def membership_frozen(patch: Patch) -> None:
    """What a person lost after the bound is still sent on later pages."""
    page = pull_module._page

    def frozen(ours: Any, mark: Any, limit_bytes: int) -> Any:
        class Before:
            def __init__(self, member: Any) -> None:
                self.scope_id, self.granted_seq = member.scope_id, member.granted_seq
                is_later = member.revoked_seq is not None and member.revoked_seq > mark.until
                self.revoked_seq = None if is_later else member.revoked_seq

        return page([Before(member) for member in ours], mark, limit_bytes)

    patch(pull_module, "_page", frozen)


def gained_scope_without_history(patch: Patch) -> None:
    """A gained outlet brings only what changes from now on."""

    def bare(mark: Any, scopes: list[str], _at_once: int) -> Any:
        for scope in scopes:
            if scope != mark.scope:
                yield {"e": "begin", "scope": scope}, pull_module._moved(mark, pull_module.SNAPSHOTS, scope, None)

    patch(pull_module, "_snapshots", bare)


def lost_scope_not_dropped(patch: Patch) -> None:
    """A phone is not told of the outlets it lost."""
    first = pull_module._first_mark

    def silent(*args: Any) -> Any:
        mark, opening = first(*args)
        return mark, [one for one in opening if one["e"] != "drop"]

    patch(pull_module, "_first_mark", silent)


def nonce_not_checked(patch: Patch) -> None:
    """A restored backup is not found out by cursors."""
    patch(cursor_module, "nonce_of", lambda *_args: "same")
    patch(pull_module, "nonce_of", lambda *_args: "same")
    without_second_look(patch)


def pages_not_witnessed(patch: Patch) -> None:
    """A cursor vouches for its bound alone, not for the commits that its pages left out."""
    seen_now = pull_module.seen_now

    def shared(mark: Any, state: Any) -> Any:
        return seen_now(mark, state._replace(seq=mark.until, nonce=cursor_module.nonce_of(mark.until, state)))

    patch(pull_module, "seen_now", shared)


def floor_ignored(patch: Patch) -> None:
    """A phone older than the known deletions is served as if nothing had been forgotten."""
    pull = routes_module.pull
    patch(routes_module, "pull", lambda state, *asked: pull(state._replace(floor_seq=0), *asked))
    patch(cursor_module, "nonce_of", lambda *_args: "same")
    patch(pull_module, "nonce_of", lambda *_args: "same")


def digests_always_agree(patch: Patch) -> None:
    """The daily comparison finds nothing."""
    patch(routes_module, "scopes_to_send_again", lambda *_args: [])


def feed_skips_a_row(patch: Patch) -> None:
    """A change in bulk by-passes the feed."""
    from server.visits import compliance

    patch(compliance, "touch", lambda *_args: None)


def a_taken_back_assignment_removes_the_outlet(patch: Patch) -> None:
    """A deleted part of an entity leaves a tombstone of the whole (the defect that the simulation found first)."""
    from server.feed import clock

    patch(clock, "_entry_of", lambda _row, entry, is_gone: entry._replace(is_deleted=entry.is_deleted or is_gone))


def a_review_is_not_sent(patch: Patch) -> None:
    """A supervisor's word that changes no verdict does not reach the phone."""
    patch(verdicts_module, "touch", lambda *_args: None)


BUGS: tuple[Bug, ...] = (
    tie_in_paging,
    tombstone_ignored,
    upper_bound_moves,
    membership_frozen,
    gained_scope_without_history,
    lost_scope_not_dropped,
    nonce_not_checked,
    pages_not_witnessed,
    floor_ignored,
    digests_always_agree,
    feed_skips_a_row,
    a_taken_back_assignment_removes_the_outlet,
    a_review_is_not_sent,
)
