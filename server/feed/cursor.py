"""Cursors and page tokens: what a phone hands back to go on where it stopped.

A cursor names the epoch, the commit and its nonce, so that one from another life of the database (or from the
future of a restored one) is found out and treated as a change of epoch.
"""

import base64
import binascii
from typing import Any

import msgspec
from sqlalchemy import select

from server.db import db
from server.feed.epoch import current_epoch
from server.feed.models import SyncCommit, SyncMeta
from sync.problems import Problem

START_NONCE = "0"


class PageMark(msgspec.Struct, frozen=True):
    """Where a pull stands: from commit `since` (None: from nothing) up to `until`; `phase` 1 snapshots, 2 changes.

    `scope` is the scope whose snapshot is under way; `after` is the sort key of the last row that was sent; `again` names
    scopes that the phone holds wrongly and gets anew.
    """

    epoch: str
    since: int | None
    until: int
    phase: int
    scope: str = ""
    after: tuple[int, str, str, str] | None = None
    again: tuple[str, ...] = ()


def cursor_text(seq: int) -> str:
    nonce = db.session.scalar(select(SyncCommit.nonce).where(SyncCommit.seq == seq)) if seq else START_NONCE
    return f"{current_epoch()}.{seq}.{nonce}"


def cursor_seq(text: str) -> int:
    """The commit a cursor stands at; raises `epoch_changed` when it is not of this database."""
    epoch = current_epoch()
    parts = text.split(".")
    if len(parts) != 3 or parts[0] != epoch or not parts[1].isdigit():
        raise Problem("epoch_changed", epoch=epoch)
    seq = int(parts[1])
    if seq < floor_seq():
        return seq  # its commit row is gone with the tombstones; the caller starts over
    nonce = db.session.scalar(select(SyncCommit.nonce).where(SyncCommit.seq == seq)) if seq else START_NONCE
    if nonce != parts[2]:
        raise Problem("epoch_changed", epoch=epoch)
    return seq


def floor_seq() -> int:
    """Below this commit, deletions are no longer known."""
    return db.session.scalar(select(SyncMeta.floor_seq)) or 0


def page_text(mark: PageMark) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(mark)).decode().rstrip("=")


def page_mark(text: str) -> PageMark:
    """The mark inside a page token; `malformed` or `epoch_changed` when it is not one of ours."""
    try:
        raw: Any = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        mark = msgspec.json.decode(raw, type=PageMark)
    except (binascii.Error, ValueError, msgspec.DecodeError, msgspec.ValidationError) as fault:
        raise Problem("malformed", "page") from fault
    if mark.epoch != current_epoch():
        raise Problem("epoch_changed", epoch=current_epoch())
    return mark
