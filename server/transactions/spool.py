"""Checked tables on disk, between the check and the word of the clerk: the file, what the check found, and its faults."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any

from server.console.form_answers import RECORD_ID
from server.media.store import settings
from server.transactions.checking import Checked, CheckResult
from server.transactions.faults import RowFault, TableFault
from server.transactions.reading import MOST_BYTES
from sync.problems import Problem

LIFETIME = timedelta(days=1)
COPY_CHUNK = 1 << 20
TABLE, CHECK, FAULTS = ".table", ".check.json", ".faults"


@dataclass(frozen=True)
class KeptCheck:
    """A table that was checked and is not imported."""

    id: str
    kind: str
    file_name: str
    sha256: str
    by_id: str
    at: datetime
    result: CheckResult


def table_path(check_id: str) -> Path:
    return _path(check_id, TABLE)


def keep_table(check_id: str, source: IO[bytes]) -> str:
    """Keep an uploaded file; returns its SHA-256. Raises TableFault `too_large` for one above 20 MB."""
    path, digest, size = table_path(check_id), hashlib.sha256(), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        while chunk := source.read(COPY_CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise TableFault("too_large")
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def keep_check(kept: KeptCheck, checked: Checked) -> None:
    """Keep what a check found, over what an earlier one of the same table did."""
    lines = (json.dumps([fault.row, fault.field, fault.code, fault.value, fault.note], ensure_ascii=False) + "\n" for fault in checked.faults)
    _replace(_path(kept.id, FAULTS), lines)
    _replace(_path(kept.id, CHECK), [json.dumps(asdict(kept), default=str)])


def _replace(path: Path, texts: Iterable[str]) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.writelines(texts)
    os.replace(fresh, path)


def find_check(check_id: str) -> KeptCheck:
    """The check of this id, or `not_found`: nobody made it, it was imported, or it is more than a day old."""
    if not RECORD_ID.fullmatch(check_id):
        raise Problem("not_found", "check")
    try:
        said: dict[str, Any] = json.loads(_path(check_id, CHECK).read_text("utf-8"))
    except FileNotFoundError:
        raise Problem("not_found", f"check {check_id}") from None
    result = said.pop("result")
    days = {name: date.fromisoformat(result[name]) if result[name] else None for name in ("first_on", "last_on")}
    amount = None if result["amount"] is None else Decimal(result["amount"])
    return KeptCheck(**said | {"at": datetime.fromisoformat(said["at"]), "result": CheckResult(**result | days | {"amount": amount})})


def kept_faults(check_id: str, most: int | None = None) -> Iterator[RowFault]:
    """The faults of a check in the order of rows, all or the first ones."""
    with _path(check_id, FAULTS).open(encoding="utf-8") as file:
        for line in islice(file, most):
            yield RowFault(*json.loads(line))


def drop_check(check_id: str) -> None:
    for suffix in (TABLE, CHECK, FAULTS):
        _path(check_id, suffix).unlink(missing_ok=True)


def purge_checks(now: datetime) -> int:
    """Drop tables that nobody imported within a day; returns how many."""
    oldest, count = (now - LIFETIME).timestamp(), 0
    for path in _folder().glob("*"):
        with suppress(FileNotFoundError):  # somebody imports it just now
            if path.stat().st_mtime < oldest:
                path.unlink()
                count += path.suffix == TABLE
    return count


def _folder() -> Path:
    return settings().data / "imports"


def _path(check_id: str, suffix: str) -> Path:
    return _folder() / f"{check_id}{suffix}"
