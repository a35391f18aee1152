"""Tables read from bytes: what their lines say, their faults, and why one is refused as a whole. No database."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from server.transactions.checking import read_table
from server.transactions.fault_words import TABLE_FAULTS
from server.transactions.faults import TableFault
from server.transactions.kinds import KINDS
from server.transactions.rows import Reading

TODAY = date(2026, 11, 26)
MOST_YUAN = {"days": Decimal(5_000_000), "months": Decimal(100_000_000), "accounts": Decimal(0)}
OCTOBER = [["工号", "日期", "金额", "笔数"], ["00120001", "2025-10-01", "1234.50", "12"], ["00120001", "2025-10-02", "80", ""]]


@pytest.fixture
def read(tmp_path: Path):
    """Read bytes as a table of days; returns what its lines say and the faults as (row, field, code)."""

    def read_bytes(raw: bytes, kind: str = "days") -> tuple[list[tuple[Any, ...]], list[tuple[int, str, str]]]:
        path = tmp_path / "table"
        path.write_bytes(raw)
        reading: Reading = read_table(path, KINDS[kind], TODAY, MOST_YUAN[kind])
        lines = [(line.row, line.code or line.account, str(line.on), str(line.amount), line.payments) for line in reading.lines if not line.is_broken]
        return lines, [(fault.row, fault.field, fault.code) for fault in reading.faults]

    return read_bytes


def refused(read, raw: bytes, kind: str = "days") -> tuple[str, str]:
    """(code, note) of a table that is refused as a whole."""
    with pytest.raises(TableFault) as fault:
        read(raw, kind)
    assert fault.value.code in TABLE_FAULTS
    return fault.value.code, fault.value.note
