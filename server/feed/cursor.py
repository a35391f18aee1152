"""Cursors and page tokens: what a phone hands back to go on where it stopped.

A cursor names the epoch, the commit that the phone stands at, and the newest commit that the server had when it read the
last page, with its nonce. So a phone that was served from another life of the database (or from the future of a restored
one) is found out and treated as a change of epoch, also when it stands at a commit that both lives share: rows changed
after that commit were left out of its pages.
"""

import base64
import binascii
import re
from typing import Annotated, Any, NamedTuple

import msgspec
from sqlalchemy import bindparam, select

from server.db import db
from server.feed.models import SyncClock, SyncCommit, SyncMeta
from sync.problems import Problem
from sync.schemas import readable

START_NONCE = "0"

Seq = Annotated[int, msgspec.Meta(ge=0, lt=10**18)]


# Asked by every request of a phone, so built once.
_STATE = (
    select(SyncMeta.epoch, SyncClock.seq, SyncMeta.floor_seq, SyncCommit.nonce)
    .join(SyncClock, SyncClock.id == SyncMeta.id)
    .outerjoin(SyncCommit, SyncCommit.seq == SyncClock.seq)
)
_NONCE = select(SyncCommit.nonce).where(SyncCommit.seq == bindparam("seq"))


class FeedState(NamedTuple):
    """Which life of the database this is, the last commit's number and nonce, and below which number deletions are forgotten."""

    epoch: str
    seq: int
    floor_seq: int
    nonce: str | None


def feed_state() -> FeedState:
    """The feed as this transaction sees it."""
    return FeedState(*db.session.execute(_STATE).one())


class PageMark(msgspec.Struct, frozen=True):
    """Where a pull stands: from commit `since` (None: from nothing) up to `until`; `phase` 1 snapshots, 2 changes.

    `seen` is the newest commit at the page before, with its `nonce`; `scope` is the scope whose snapshot is under way; `after`
    is the sort key of the last row that was sent; `again` names scopes that the phone holds wrongly and gets anew.
    """

    epoch: str
    nonce: str | None
    since: Seq | None
    until: Seq
    seen: Seq
    phase: int
    scope: str = ""
    after: tuple[Seq, str, str, str] | None = None
    again: tuple[str, ...] = ()


def cursor_text(mark: PageMark) -> str:
    """The cursor of a phone that has all of this pull."""
    return f"{mark.epoch}.{mark.until}.{mark.seen}.{mark.nonce}"


def seen_now(mark: PageMark, state: FeedState) -> PageMark:
    """The mark of a page that is read in this state."""
    return msgspec.structs.replace(mark, seen=state.seq, nonce=nonce_of(state.seq, state))


def cursor_seq(text: str, state: FeedState) -> int:
    """The commit a cursor stands at; raises `epoch_changed` when it is not of this database."""
    parts = text.split(".")
    if len(parts) != 4 or parts[0] != state.epoch or not all(re.fullmatch("[0-9]{1,18}", part) for part in parts[1:3]):
        raise Problem("epoch_changed", epoch=state.epoch)
    seq, seen = int(parts[1]), int(parts[2])
    if seen >= state.floor_seq and nonce_of(seen, state) != parts[3]:  # below the floor the nonce is forgotten; the caller starts over
        raise Problem("epoch_changed", epoch=state.epoch)
    return seq


def witness_text(state: FeedState) -> str:
    """What the feed is now, for a phone that has learned something of it and holds no newer cursor yet."""
    return f"{state.epoch}.{state.seq}.{state.nonce if state.seq else START_NONCE}"


def check_witnesses(state: FeedState, *texts: str | None) -> None:
    """Raises `epoch_changed` when what the phone was told before was told in another life of the database."""
    for text in texts:
        if text is not None:
            _check_witness(text, state)


def _check_witness(text: str, state: FeedState) -> None:
    epoch, seq, nonce = ([*text.split("."), "", ""])[:3]
    is_number = re.fullmatch("[0-9]{1,18}", seq) is not None
    if epoch != state.epoch or not is_number or nonce_of(int(seq), state) != nonce:
        raise Problem("epoch_changed", epoch=state.epoch)


def nonce_of(seq: int, state: FeedState) -> str | None:
    """The nonce of a commit; None when it is forgotten or was never made."""
    if seq == state.seq:
        return state.nonce if seq else START_NONCE
    return db.session.scalar(_NONCE, {"seq": seq}) if seq else START_NONCE


def page_text(mark: PageMark) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(mark)).decode().rstrip("=")


def page_mark(text: str, state: FeedState) -> PageMark:
    """The mark inside a page token; `malformed` when it is none or needs deletions that are forgotten, `epoch_changed` when of another database."""
    try:
        raw: Any = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        mark = msgspec.json.decode(readable(raw), type=PageMark)
    except (binascii.Error, ValueError, msgspec.DecodeError, RecursionError) as fault:
        raise Problem("malformed", "page") from fault
    oldest = mark.until if mark.since is None else mark.since
    if mark.epoch == state.epoch and oldest < state.floor_seq:
        raise Problem("malformed", "the page is too old")
    if mark.epoch != state.epoch or nonce_of(mark.seen, state) != mark.nonce:
        raise Problem("epoch_changed", epoch=state.epoch)
    return mark
