"""A person's copy of everything that is kept of them: a ZIP of JSON, a readable overview, and the files themselves."""

import json
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from flask import render_template
from flask_babel import force_locale
from sqlalchemy import select, union

from server.db import db
from server.findings.models import Finding
from server.findings.words import STATE_WORDS, kind_words
from server.media.models import Blob, BlobRef
from server.media.store import blob_path
from server.outlets.models import Outlet
from server.payroll.models import WageSheet
from server.people.models import Person
from server.privacy.sections import SECTIONS, Section
from server.reports.sending import new_file
from server.visits.models import Visit, VisitPhoto
from server.visits.words import VERDICT_WORDS, verdict_of

READ_AT_ONCE = 500
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@dataclass(frozen=True)
class Copy:
    """The ZIP, on disk without a name, and how much is in it. `missing` are files that were named and never came."""

    file: IO[bytes]
    rows: dict[str, int]
    files: int
    missing: int

    @property
    def all_rows(self) -> int:
        return sum(self.rows.values())


def copy_of(person: Person, now: datetime) -> Copy:
    """Everything of a person, some rows and one file at a time in memory."""
    file = new_file()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        rows = {section.name: write_section(archive, section, person.id) for section in SECTIONS}
        files, missing = write_files(archive, _named_files(person.id))
        archive.writestr("概览.html", _overview(person, rows, (files, missing), now))
    return Copy(file, rows, files, missing)


def write_section(archive: zipfile.ZipFile, section: Section, owner_id: str) -> int:
    """The rows as a JSON list; returns how many."""
    count = 0
    with archive.open(f"json/{section.name}.json", "w") as out:
        for row in _streamed(section.query(owner_id)):
            out.write(b",\n" if count else b"[\n")
            out.write(json.dumps(dict(row._mapping), ensure_ascii=False, default=_json).encode())
            count += 1
        out.write(b"\n]\n" if count else b"[]\n")
    return count


def _streamed(query: Any) -> Iterator[Any]:
    yield from db.session.execute(query.execution_options(yield_per=READ_AT_ONCE))


def _json(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value))


def write_files(archive: zipfile.ZipFile, hashes: Any) -> tuple[int, int]:
    """Originals by their hash, as they are, of those in a select; returns how many there are, and how many never came."""
    files = missing = 0
    query = select(Blob.sha256, Blob.mime, Blob.stored_at).where(Blob.sha256.in_(hashes)).order_by(Blob.sha256)
    for row in list(db.session.execute(query)):
        path = blob_path(row.sha256)
        if row.stored_at is None or not path.is_file():
            missing += 1
            continue
        archive.write(path, f"files/{row.sha256}.{ENDINGS.get(row.mime, 'bin')}", zipfile.ZIP_STORED)
        files += 1
    return files, missing


def _named_files(person_id: str) -> Any:
    return union(
        select(BlobRef.sha256).where(BlobRef.person_id == person_id),
        select(Visit.signature_sha256).where(Visit.rep_id == person_id, Visit.signature_sha256.is_not(None)),
        select(VisitPhoto.sha256).join(Visit, Visit.id == VisitPhoto.visit_id).where(Visit.rep_id == person_id),
    )


def _overview(person: Person, rows: dict[str, int], files: tuple[int, int], now: datetime) -> str:
    """A page in Chinese that opens without the server."""
    with force_locale("zh"):
        values: dict[str, Any] = {
            "person": person,
            "sections": [(section, rows[section.name]) for section in SECTIONS],
            "files": files,
            "made_at": now,
            "visits": _visits(person.id),
            "findings": _findings(person.id),
            "sheets": list(db.session.execute(select(WageSheet.month, WageSheet.total_yuan).where(_is_sheet(person.id)).order_by(WageSheet.month))),
        }
        return render_template("privacy/overview.html", **values)


def _is_sheet(person_id: str) -> Any:
    return WageSheet.person_id == person_id


def _visits(person_id: str) -> Iterable[tuple[Any, str]]:
    columns = (Visit.checked_in_at, Visit.fix_lat, Visit.fix_lon, Visit.fix_accuracy_m, Visit.counts, Visit.needs_review, Visit.reasons)
    query = select(*columns, Visit.id, Outlet.name.label("outlet")).join(Outlet, Outlet.id == Visit.outlet_id).where(Visit.rep_id == person_id)
    for row in _streamed(query.order_by(Visit.checked_in_at)):
        yield row, str(VERDICT_WORDS[verdict_of(row)])


def _findings(person_id: str) -> Iterable[tuple[Any, str, str]]:
    query = select(Finding.month, Finding.kind, Finding.amount_yuan, Finding.state).where(Finding.person_id == person_id)
    for row in _streamed(query.order_by(Finding.month, Finding.id)):
        yield row, kind_words(row.kind), str(STATE_WORDS[row.state])
