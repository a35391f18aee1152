"""Tokens of the reporting API: made by an admin, shown once, kept as a hash, looked up, revoked."""

import base64
import binascii
import secrets
from datetime import datetime, timedelta

from flask import request
from sqlalchemy import select, update

from server.audit.actions import record_audit
from server.db import db, expect_reads
from server.devices.tokens import hashed
from server.people.models import Region
from server.reports.models import ReportToken
from server.reports.parts import PARTS
from sync.ids import uuid7
from sync.problems import Problem

PREFIX = "xdr_"  # so that a token is known for one wherever it turns up
USE_NOTED_EVERY = timedelta(minutes=5)
MOST_NAME = 60


def make_token(name: str, parts: list[str], region_ids: list[str], by_id: str, now: datetime) -> str:
    """A new token; it is in this answer only. Raises `invalid` with the fields at fault. Commits."""
    faults = {"name": "required"} if not name else {}
    if not parts or not set(parts) <= set(PARTS):
        faults["parts"] = "choose"
    if region_ids and set(region_ids) != set(db.session.scalars(select(Region.id).where(Region.id.in_(region_ids)))):
        faults["regions"] = "choose"
    if faults:
        raise Problem("invalid", fields=faults)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ReportToken(id=uuid7(), name=name[:MOST_NAME], token_hash=hashed(secret), parts=sorted(set(parts)), region_ids=sorted(set(region_ids)))
    token.made_by_id, token.made_at = by_id, now
    db.session.add(token)
    record_audit(now, by_id, "report_token.made", ("report_token", token.id), name=token.name, parts=token.parts, region_ids=token.region_ids)
    db.session.commit()
    return secret


def revoke_token(token_id: str, by_id: str, now: datetime) -> None:
    """End a token at once; one that has ended stays so. Raises `not_found`. Commits."""
    token = db.session.get(ReportToken, token_id, with_for_update=True)
    if token is None:
        raise Problem("not_found", f"token {token_id}")
    if token.revoked_at is None:
        token.revoked_at = now
        record_audit(now, by_id, "report_token.revoked", ("report_token", token.id), name=token.name)
    db.session.commit()


def token_of_request(now: datetime) -> ReportToken:
    """The token that came with the request, as a bearer or as the password of a Basic sign-in (which spreadsheets know); or `bad_token`."""
    secret = secret_of_request()
    token = db.session.scalar(select(ReportToken).where(ReportToken.token_hash == hashed(secret))) if secret else None
    if token is None or token.revoked_at is not None:
        raise Problem("bad_token")
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        _note_use(token.id, now)
    return token


def secret_of_request() -> str:
    """What was sent, known or not; empty for nothing."""
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return sent.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(sent, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _note_use(token_id: str, now: datetime) -> None:
    """Every few minutes, in a transaction of its own: reading reports otherwise only reads."""
    db.session.rollback()
    expect_reads(False)
    used = update(ReportToken).where(ReportToken.id == token_id).values(last_used_at=now)
    db.session.execute(used.execution_options(synchronize_session=False))
    db.session.commit()
    expect_reads(True)
