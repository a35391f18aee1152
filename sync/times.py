"""Instants as text."""

from datetime import UTC, datetime, timedelta


def iso_instant(instant: datetime) -> str:
    """`2026-11-24T03:04:05.678Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parsed_instant(text: str) -> datetime:
    """The aware UTC instant; raises ValueError for anything without a zone."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def corrected(instant: datetime, offset_ms: float | None) -> datetime:
    """The estimated true time of a reading of a phone's clock; the offset is server time less phone time."""
    return instant + timedelta(milliseconds=round(offset_ms or 0))
